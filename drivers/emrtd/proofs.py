"""Which proofs a chip is asked for, in which order, and what came of them: the transcript."""

from __future__ import annotations

from collections.abc import Mapping

from drivers.emrtd import active_authentication, chip_authentication, terminal_authentication
from drivers.emrtd.access import Access, Opened
from drivers.emrtd.channel import Channel
from drivers.emrtd.chip_authentication import ChipAuthenticationUse, ChipProof, ProofFailed
from drivers.emrtd.lds.security_infos import SecurityInfos, parse_dg14
from drivers.emrtd.lds.tlv import LdsError
from drivers.emrtd.pace.choice import Mapping as PaceMapping
from drivers.emrtd.reading import ActiveAuthentication, ChipAuthentication, FileId, Proof, Transcript
from drivers.emrtd.terminal_signer import TerminalSigner


class Prover:
    """Active authentication over the given nonce is preferred, because its answer is evidence that can be kept and
    checked again (chip.md section 5); chip authentication stands in for it or precedes terminal authentication."""

    def __init__(self, channel: Channel, access: Access, opened: Opened, files: Mapping[FileId, bytes]) -> None:
        self._channel = channel
        self._access = access
        self._opened = opened
        self._files = files
        self._active: ActiveAuthentication | None = None
        self._chip: ChipAuthentication | None = None
        self._terminal = False
        self._failed: dict[Proof, str] = {}

    def prove(self, nonce: bytes | None, use: ChipAuthenticationUse, signer: TerminalSigner | None) -> None:
        """Ask for the proofs. Raises CardError when the card is lost or the session cannot be opened again."""
        self._check_mapping()
        if nonce is not None and FileId.DG15 in self._files:
            self._prove_active(nonce, self._files[FileId.DG15])
        enough = self._chip is not None or self._active is not None
        if signer is not None or use is ChipAuthenticationUse.ALWAYS or not enough:
            self._prove_chip(signer)

    def transcript(self) -> Transcript:
        """What happened."""
        return Transcript(
            self._opened.protocol, self._opened.detail, self._active, self._chip, self._failed, self._terminal
        )

    def _check_mapping(self) -> None:
        choice, result = self._opened.choice, self._opened.pace
        if choice is None or result is None or choice.mapping is not PaceMapping.CHIP_AUTHENTICATION:
            return
        reason = "EF.CardSecurity cannot be read"
        if FileId.CARD_SECURITY in self._files:
            try:
                self._chip = chip_authentication.check_mapping(self._files[FileId.CARD_SECURITY], choice, result)
                reason = "no key of EF.CardSecurity fits"
            except LdsError as error:
                reason = f"EF.CardSecurity: {error}"
        if self._chip is None:
            self._failed[Proof.CHIP_AUTHENTICATION_MAPPING] = reason

    def _prove_active(self, nonce: bytes, dg15: bytes) -> None:
        self._active = active_authentication.authenticate(self._channel, nonce, dg15)
        if self._active is None:
            self._failed[Proof.ACTIVE_AUTHENTICATION] = "the chip refuses"

    def _prove_chip(self, signer: TerminalSigner | None) -> None:
        infos = self._infos()
        if infos is None:
            return
        try:
            proof = chip_authentication.authenticate(self._channel, infos)
        except (ProofFailed, LdsError) as error:
            self._failed[Proof.CHIP_AUTHENTICATION] = str(error)
            self._access.reopen()
            return
        if proof is None:
            return
        self._chip = self._chip or proof.evidence
        if signer is not None:
            self._prove_terminal(infos, proof, signer)

    def _prove_terminal(self, infos: SecurityInfos, proof: ChipProof, signer: TerminalSigner) -> None:
        references = () if self._opened.pace is None else self._opened.pace.references
        try:
            terminal_authentication.authenticate(
                self._channel, infos, signer, self._chip_identifier(), proof.compressed, references
            )
            self._terminal = True
        except ProofFailed as error:
            self._failed[Proof.TERMINAL_AUTHENTICATION] = str(error)

    def _chip_identifier(self) -> bytes:
        """IDIC: after BAC the document number with its check digit, after PACE the chip's compressed ephemeral key."""
        if self._opened.pace is not None and self._opened.choice is not None:
            return chip_authentication.compressed(self._opened.choice.group, self._opened.pace.chip_ephemeral)
        return self._opened.information[:-14].encode("ascii")

    def _infos(self) -> SecurityInfos | None:
        try:
            return parse_dg14(self._files[FileId.DG14])
        except (KeyError, LdsError):
            return None
