"""Terminal authentication version 1 (ICAO 9303-11 section 7.1; TR-03110-1): the reader shows that it may see DG3."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.emrtd.apdu import Command
from drivers.emrtd.channel import Channel
from drivers.emrtd.chip_authentication import ProofFailed
from drivers.emrtd.lds.cvc import CvCertificate, parse_cv_certificate
from drivers.emrtd.lds.security_infos import SecurityInfos
from drivers.emrtd.lds.tlv import LdsError, encode, iterate
from drivers.emrtd.terminal_signer import SignerUnavailable, TerminalSigner

_CVCA_SHORT_ID = 0x1C
_CVCA_FILE = 0x011C
_CVCA_LENGTH = 36
INSPECTION_SYSTEM = bytes.fromhex("7F4C0E060904007F00070301020153013F")
"""Certificate holder authorization template of an inspection system with all rights: asks PACE for references."""


def authenticate(
    channel: Channel,
    infos: SecurityInfos,
    signer: TerminalSigner,
    chip_identifier: bytes,
    ephemeral: bytes,
    references: Sequence[bytes] = (),
) -> None:
    """Show a certificate chain and sign the chip's challenge.

    `chip_identifier` is IDIC: the document number with its check digit after BAC, the compressed ephemeral key of the
    chip after PACE. `ephemeral` is the terminal's compressed ephemeral key of chip authentication, which must have
    been performed. `references` are those PACE gave. Raises ProofFailed, CardError.
    """
    certificates = _certificates(signer, [*references, *_references(channel, infos)])
    for certificate in certificates:
        _choose(channel, 0xB6, certificate.authority)
        _must(channel, Command(0x2A, 0x00, 0xBE, certificate.body + certificate.signature), "certificate")
    _choose(channel, 0xA4, certificates[-1].holder)
    challenge = channel.transmit(Command(0x84, 0, 0, le=8))
    if not challenge.ok or len(challenge.data) != 8:
        raise ProofFailed(f"no challenge: {challenge.status:04X}")
    try:
        signature = signer.sign(chip_identifier + challenge.data + ephemeral)
    except SignerUnavailable as error:
        raise ProofFailed(f"the terminal's key: {error}") from error
    _must(channel, Command(0x82, 0, 0, signature), "signature")


def _references(channel: Channel, infos: SecurityInfos) -> list[bytes]:
    """Certification authority references of EF.CVCA, the most recent first; it has no outer tag."""
    info = infos.terminal_authentication
    short = _CVCA_SHORT_ID if info is None or info.cvca_file is None else info.cvca_short
    if short is not None:
        response = channel.transmit(Command(0xB0, 0x80 | short & 0x1F, 0, le=_CVCA_LENGTH))
    else:
        identifier = _CVCA_FILE if info is None or info.cvca_file is None else info.cvca_file
        channel.transmit(Command(0xA4, 0x02, 0x0C, identifier.to_bytes(2, "big")))
        response = channel.transmit(Command(0xB0, 0, 0, le=_CVCA_LENGTH))
    try:
        return [item.value for item in iterate(response.data.rstrip(b"\x00")) if item.tag == 0x42]
    except LdsError:
        return []


def _certificates(signer: TerminalSigner, references: list[bytes]) -> list[CvCertificate]:
    """The chain for the first reference the signer knows."""
    for reference in dict.fromkeys(references):
        try:
            chain = [parse_cv_certificate(data) for data in signer.chain(reference)]
        except LookupError:
            continue
        except SignerUnavailable as error:
            raise ProofFailed(f"the terminal's certificates: {error}") from error
        except LdsError as error:
            raise ProofFailed(f"the terminal's own certificate: {error}") from None
        if chain:
            return chain
    raise ProofFailed("no certificate chain begins at an authority the chip knows")


def _choose(channel: Channel, template: int, reference: bytes) -> None:
    """MSE:Set DST or Set AT with a public key reference."""
    _must(channel, Command(0x22, 0x81, template, encode(0x83, reference)), "reference")


def _must(channel: Channel, command: Command, what: str) -> None:
    response = channel.transmit(command)
    if not response.ok:
        raise ProofFailed(f"the chip refuses the {what}: {response.status:04X}")
