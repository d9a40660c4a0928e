"""The commands of PACE, chip authentication and terminal authentication, and what the card remembers between them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from simulators.chip import bac, chipauth, der
from simulators.chip.apdu import Answer, Command, Refusal, Status
from simulators.chip.behaviour import Behaviour
from simulators.chip.content import ChipContent
from simulators.chip.domain import STANDARDISED
from simulators.chip.filesystem import Rights
from simulators.chip.pace import Draws, Offer, PaceSession, password_key
from simulators.chip.pace import Mapping as PaceMapping
from simulators.chip.pki.cvc import FINGERS
from simulators.chip.terminal import TerminalAuthentication

_Result = TypeVar("_Result")

_MRZ, _CAN = 1, 2
_PACE_TEMPLATE, _CHIP_TEMPLATE, _CHIP_KEY, _TERMINAL_CERTIFICATE, _TERMINAL_KEY = 0xC1A4, 0x41A4, 0x41A6, 0x81B6, 0x81A4


class Authentication:
    """State of one power-on."""

    def __init__(self, content: ChipContent, behaviour: Behaviour) -> None:
        self._content = content
        self._strict_parameter_id = behaviour.strict_parameter_id
        self._draws = Draws(nonce_bytes=behaviour.pace_nonce_bytes)
        self._pace: PaceSession | None = None
        self._pace_offer: Offer | None = None
        self._chip_choice: tuple[bytes, bytes | None] | None = None
        self._challenge: bytes | None = None
        self._terminal: TerminalAuthentication | None = None
        self._chip_identity = b""
        self._terminal_key = b""
        self.rights = Rights()
        """What the terminal has proven."""
        self.wrong_password = False
        """Whether the last command failed for a wrong password, key or signature."""

    def drop(self) -> None:
        """Secure messaging ended: nothing is proven any more."""
        self.rights = Rights()
        self._pace = self._chip_choice = None
        self._chip_identity = self._terminal_key = b""

    def get_challenge(self, command: Command) -> Answer:
        """GET CHALLENGE, for BAC and terminal authentication."""
        if command.ne != 8:
            raise Refusal(Status.WRONG_LENGTH)
        self._challenge = secrets.token_bytes(8)
        return Answer(self._challenge)

    def external_authenticate(self, command: Command, secured: bool) -> Answer:
        """EXTERNAL AUTHENTICATE: BAC in the clear, terminal authentication under secure messaging."""
        challenge, self._challenge = self._challenge, None
        if challenge is None:
            raise Refusal(Status.CONDITIONS)
        return self._prove_terminal(command, challenge) if secured else self._basic_access(command, challenge)

    def internal_authenticate(self, command: Command) -> Answer:
        """INTERNAL AUTHENTICATE: active authentication."""
        if not self.rights.opened:
            raise Refusal(Status.SECURITY_STATUS)
        if self._content.active is None:
            raise Refusal(Status.WRONG_INS)
        return Answer(self._content.active.answer(command.data))

    def manage_environment(self, command: Command) -> Answer:
        """MANAGE SECURITY ENVIRONMENT."""
        objects = der.fields(command.data)
        if command.p1p2 == _PACE_TEMPLATE:
            self._start_pace(objects)
        elif command.p1p2 == _CHIP_TEMPLATE:
            self._choose_chip_key(objects)
        elif command.p1p2 == _CHIP_KEY:
            return self._agree_directly(objects)
        elif command.p1p2 in (_TERMINAL_CERTIFICATE, _TERMINAL_KEY):
            self._trusted_terminal().choose(_wanted(objects, 0x83))
        else:
            raise Refusal(Status.WRONG_P1P2)
        return Answer()

    def general_authenticate(self, command: Command) -> Answer:
        """GENERAL AUTHENTICATE: the next step of PACE, or chip authentication."""
        if self._pace is not None:
            return self._pace_step(self._pace, command)
        if self._chip_choice is not None:
            return self._agree_by_template(command)
        raise Refusal(Status.CONDITIONS)

    def verify_certificate(self, command: Command) -> Answer:
        """PSO:VERIFY CERTIFICATE."""
        if command.p1p2 != 0x00BE:
            raise Refusal(Status.WRONG_P1P2)
        self._guarded(self._trusted_terminal().import_certificate, command.data)
        return Answer()

    def _basic_access(self, command: Command, challenge: bytes) -> Answer:
        if not self._content.basic_access:
            raise Refusal(Status.CONDITIONS)
        keys = bac.document_keys(self._content.mrz_information)
        data, channel = self._guarded(lambda data: bac.mutual_authenticate(keys, challenge, data), command.data)
        self.rights = Rights(opened=True)
        self._chip_identity = self._content.mrz_information[:10].encode("ascii")
        return Answer(data, channel=channel)

    def _start_pace(self, objects: Mapping[int, bytes]) -> None:
        self._pace, self._chip_choice = None, None
        offer = self._offer(_wanted(objects, 0x80), objects.get(0x84))
        reference = int.from_bytes(_wanted(objects, 0x83), "big")
        passwords = {
            _MRZ: hashlib.sha1(self._content.mrz_information.encode("ascii")).digest(),  # noqa: S324  section 9.7.3
            _CAN: self._content.can.encode("ascii"),
        }
        if reference not in passwords or (reference == _CAN and not self._content.can):
            raise Refusal(Status.REFERENCE_NOT_FOUND)
        key = password_key(offer.protocol.suite, passwords[reference])
        references = self._content.authorities if 0x7F4C in objects else ()
        self._pace_offer = offer
        self._pace = PaceSession(offer, key, self._content.pace_chip_key, references, self._draws)

    def _offer(self, oid: bytes, parameters: bytes | None) -> Offer:
        offers = [one for one in self._content.pace if der.oid_value(one.protocol.oid) == oid]
        if not offers:
            raise Refusal(Status.WRONG_DATA)
        if parameters is not None:
            wanted = int.from_bytes(parameters, "big")
            offers = [one for one in offers if one.parameters == wanted]
        elif self._strict_parameter_id and len(self._content.pace) > 1:
            raise Refusal(Status.REFERENCE_NOT_FOUND)
        if len(offers) != 1:
            raise Refusal(Status.REFERENCE_NOT_FOUND)
        return offers[0]

    def _pace_step(self, session: PaceSession, command: Command) -> Answer:
        try:
            data = self._guarded(session.answer, command.data)
        except (Refusal, ValueError):
            self._pace = None
            raise
        if session.channel is None:
            if not command.chained:
                self._pace = None
                raise Refusal(Status.WRONG_DATA)
            return Answer(data)
        self._pace = None
        self._open_by_pace(session)
        return Answer(data, channel=session.channel)

    def _open_by_pace(self, session: PaceSession) -> None:
        offer = self._pace_offer
        assert offer is not None  # noqa: S101  set when the session began
        group = STANDARDISED[offer.parameters]
        self.rights = Rights(opened=True, pace=True)
        self._chip_identity = chipauth.compressed(group, session.own_public)
        if offer.protocol.mapping is PaceMapping.CHIP_AUTHENTICATION:
            self._terminal_key = chipauth.compressed(group, session.their_public)

    def _choose_chip_key(self, objects: Mapping[int, bytes]) -> None:
        self._need_access()
        key = chipauth.find_key(self._content.chip_keys, objects.get(0x84))
        chipauth.find_suite(key, _wanted(objects, 0x80))
        self._chip_choice = _wanted(objects, 0x80), objects.get(0x84)

    def _agree_by_template(self, command: Command) -> Answer:
        assert self._chip_choice is not None  # noqa: S101  the caller looked
        oid, key_id = self._chip_choice
        self._chip_choice = None
        key = chipauth.find_key(self._content.chip_keys, key_id)
        public = _wanted(der.fields(der.fields(command.data).get(0x7C, b"")), 0x80)
        return self._agree(key, chipauth.find_suite(key, oid), public, der.tlv(0x7C))

    def _agree_directly(self, objects: Mapping[int, bytes]) -> Answer:
        """MSE:Set KAT: chip authentication with 3DES in one command."""
        self._need_access()
        key = chipauth.find_key(self._content.chip_keys, objects.get(0x84))
        if key.suites[0] is not chipauth.TDES:
            raise Refusal(Status.WRONG_DATA)
        return self._agree(key, key.suites[0], _wanted(objects, 0x91), b"")

    def _agree(self, key: chipauth.ChipKey, suite: chipauth.Suite, public: bytes, data: bytes) -> Answer:
        channel = chipauth.agree(key, suite, public)
        self._terminal_key = chipauth.compressed(key.group, public)
        return Answer(data, channel=channel)

    def _prove_terminal(self, command: Command, challenge: bytes) -> Answer:
        if not self._terminal_key:
            raise Refusal(Status.CONDITIONS)
        message = self._chip_identity + challenge + self._terminal_key
        rights = self._guarded(
            lambda signature: self._trusted_terminal().authenticate(message, signature), command.data
        )
        self.rights.sensitive = bool(rights & FINGERS)
        return Answer()

    def _trusted_terminal(self) -> TerminalAuthentication:
        self._need_access()
        if self._content.anchor is None:
            raise Refusal(Status.WRONG_INS)
        if self._terminal is None:
            self._terminal = TerminalAuthentication(self._content.anchor, date.today())
        return self._terminal

    def _need_access(self) -> None:
        if not self.rights.opened:
            raise Refusal(Status.SECURITY_STATUS)

    def _guarded(self, function: Callable[[bytes], _Result], data: bytes) -> _Result:
        """Call it and remember when it refuses a password or signature."""
        try:
            return function(data)
        except Refusal as refusal:
            self.wrong_password = refusal.status == Status.WRONG_PASSWORD
            raise


def _wanted(objects: Mapping[int, bytes], tag: int) -> bytes:
    value = objects.get(tag)
    if value is None:
        raise Refusal(Status.WRONG_DATA)
    return value
