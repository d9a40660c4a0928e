"""A folder of card-verifiable certificates (`*.cvcert`): the way from an authority down to the newest terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drivers.emrtd.lds.cvc import CvCertificate, parse_cv_certificate
from drivers.emrtd.lds.security_infos import ID_TERMINAL_AUTHENTICATION
from drivers.emrtd.lds.tlv import LdsError, decode_oid, parse_first

RSA_FAMILY, ECDSA_FAMILY = 1, 2
"""Arcs of id-TA-RSA and id-TA-ECDSA (TR-03110-3 appendix A.7.3)."""
_LONGEST_CHAIN = 16


class TerminalCertificates:
    """What a terminal shows a chip; it knows no key."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError, ValueError (no terminal's certificate) or LdsError (a broken one)."""
        files = [path.read_bytes() for path in sorted(folder.glob("*.cvcert"))]
        self._certificates = [(parse_cv_certificate(data), data) for data in files]
        self._terminal = self._newest_terminal(folder)

    @property
    def terminal(self) -> CvCertificate:
        """The certificate of the terminal itself."""
        return self._terminal[0]

    def chain(self, authority: bytes) -> Sequence[bytes]:
        """From the certificate that `authority` signed down to the terminal's. Raises LookupError without one."""
        certificate, data = self._terminal
        found = [data]
        while certificate.authority != authority:
            issuer = self._issuer(certificate.authority)
            if issuer is None or len(found) == _LONGEST_CHAIN:
                raise LookupError(authority)
            certificate, data = issuer
            found.insert(0, data)
        return found

    def _issuer(self, holder: bytes) -> tuple[CvCertificate, bytes] | None:
        """Whose key `holder` is, as somebody else signed it: a chip knows the roots, links between them lead on."""
        return next(
            (one for one in self._certificates if one[0].holder == holder and one[0].authority != holder),
            None,
        )

    def _newest_terminal(self, folder: Path) -> tuple[CvCertificate, bytes]:
        """Of the certificates that signed no other the one that is valid from the latest day."""
        signers = {certificate.authority for certificate, _ in self._certificates}
        last = [one for one in self._certificates if one[0].holder not in signers]
        if not last:
            raise ValueError(f"{folder} holds no terminal's certificate")
        return max(last, key=lambda one: (one[0].effective, one[0].holder))


def protocol(certificate: CvCertificate) -> tuple[int, int]:
    """Family and number of the terminal authentication protocol, the last two arcs of its identifier.

    Raises LdsError.
    """
    oid = decode_oid(parse_first(certificate.public_key).value)
    arcs = oid.removeprefix(ID_TERMINAL_AUTHENTICATION + ".").split(".")
    if len(arcs) != 2 or not oid.startswith(ID_TERMINAL_AUTHENTICATION):
        raise LdsError("the certificate names no terminal authentication protocol")
    return int(arcs[0]), int(arcs[1])
