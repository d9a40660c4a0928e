"""Filling a trust store: certificates, revocation lists and master lists go in only after their signature was checked.

Files get names from their contents, so importing twice changes nothing; a newer revocation list replaces the older.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path

from services.trust.certificate import Certificate, read_certificate
from services.trust.chain import find_chains
from services.trust.crl import Crl, read_crl
from services.trust.errors import TrustError, TrustErrorReason
from services.trust.ldif import LdifKind, looks_like_ldif, read_ldif
from services.trust.master_list import ListState, is_master_list, judge_master_list, read_master_list
from services.trust.store import MAX_FILE, PINS, TrustStore, der_objects, load_store


class Imported(Enum):
    """What became of one object of a file."""

    ADDED = "added"
    KNOWN = "known"
    """It was there already, or a newer one is."""
    REFUSED = "refused"
    SKIPPED = "skipped"
    """A certificate of a master list that cannot be used; the others were."""


@dataclass(frozen=True)
class ImportLine:
    """One line of the report. `what` names the object: "root VN CN=…", "list VN …", "master list of 588"."""

    file: str
    what: str
    result: Imported
    detail: str = ""


def import_files(files: Iterable[Path], folder: Path, now: datetime, *, pin: bool = False) -> tuple[ImportLine, ...]:
    """Import files into a store, making the folder if it is missing. `pin`: document signers go into `pins/`.

    Raises TrustError STORE when the folder cannot be written; a bad file is a line of the report.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrustError(TrustErrorReason.STORE, f"{folder}: {error.strerror}") from None
    importer = _Importer(folder, load_store(folder), now, pin)
    for path in files:
        importer.take(path)
    return tuple(importer.lines)


class _Importer:
    def __init__(self, folder: Path, store: TrustStore, now: datetime, pin: bool) -> None:
        self.folder, self.store, self.now, self.pin = folder, store, now, pin
        self.lines: list[ImportLine] = []
        self.file = ""

    def take(self, path: Path) -> None:
        """Import one file: DER or PEM objects, or LDIF."""
        self.file = path.name
        try:
            if path.stat().st_size > MAX_FILE:
                self._say("file", Imported.REFUSED, "is too large")
                return
            data = path.read_bytes()
        except OSError as error:
            self._say("file", Imported.REFUSED, error.strerror or "cannot be read")
            return
        if looks_like_ldif(data):
            self._take_ldif(data)
            return
        try:
            for item in der_objects(data):
                self._take_object(item)
        except TrustError as error:
            self._say("file", Imported.REFUSED, error.detail)

    def _take_ldif(self, data: bytes) -> None:
        objects = read_ldif(data)
        if not objects:
            self._say("LDIF", Imported.REFUSED, "holds no master list, certificate or revocation list")
        for item in objects:
            if item.kind is LdifKind.CERTIFICATE:
                self._take_certificate(item.data)
            elif item.kind is LdifKind.CRL:
                self._take_crl(item.data)
            else:
                self._take_master_list(item.data)

    def _take_object(self, data: bytes) -> None:
        if is_master_list(data):
            self._take_master_list(data)
            return
        try:
            read_crl(data)
        except TrustError:
            self._take_certificate(data)
        else:
            self._take_crl(data)

    def _take_certificate(self, data: bytes) -> None:
        try:
            certificate = read_certificate(data)
        except TrustError as error:
            self._say("certificate", Imported.REFUSED, error.detail)
            return
        if self.pin:
            self._keep_pin(certificate)
        else:
            self._keep(certificate, Imported.REFUSED)

    def _take_master_list(self, data: bytes) -> None:
        try:
            listed = read_master_list(data)
        except TrustError as error:
            self._say("master list", Imported.REFUSED, error.detail)
            return
        verdict = judge_master_list(listed, self.store, self.now)
        signer = verdict.signer.subject.text if verdict.signer else "?"
        what = f"master list of {len(listed.certificates)} by {signer}"
        if verdict.state is ListState.REFUSED:
            self._say(what, Imported.REFUSED, verdict.reason)
            return
        root = f"; root {verdict.root.fingerprint}" if verdict.root else ""
        self._say(what, Imported.ADDED, verdict.reason + root)
        for reason in listed.unreadable:
            self._say("certificate of the list", Imported.SKIPPED, reason)
        for certificate in listed.certificates:
            self._keep(certificate, Imported.SKIPPED)

    def _take_crl(self, data: bytes) -> None:
        try:
            crl = read_crl(data)
        except TrustError as error:
            self._say("revocation list", Imported.REFUSED, error.detail)
            return
        what = f"revocation list of {crl.issuer.text}, {len(crl.revoked)} entries"
        if not self._authentic(crl):
            self._say(what, Imported.REFUSED, "no root of the trust store signed it")
            return
        older = [known for known in self.store.crls if known.issuer == crl.issuer]
        if any(known.raw == crl.raw or known.this_update > crl.this_update for known in older):
            self._say(what, Imported.KNOWN)
            return
        country = _file_word(crl.issuer.country)
        name = hashlib.sha256(repr(crl.issuer.parts).encode()).hexdigest()[:16]
        self._write(Path(f"crl-{country}-{name}.crl"), data)
        self._drop(older, except_name=f"crl-{country}-{name}.crl")
        kept = tuple(known for known in self.store.crls if known not in older)
        self.store = replace(self.store, crls=(*kept, crl))
        self._say(what, Imported.ADDED, "replaces an older one" if older else "")

    def _drop(self, older: list[Crl], except_name: str) -> None:
        """Remove the files of superseded lists, whatever they were called."""
        raws = {crl.raw for crl in older}
        for path in self.folder.rglob("*.crl"):
            if path.name != except_name and path.is_file() and path.read_bytes() in raws:
                path.unlink()

    def _keep_pin(self, certificate: Certificate) -> None:
        what = f"pinned signer {certificate.subject.text}"
        if not certificate.signs_documents:
            self._say(what, Imported.REFUSED, "is no document signer")
        elif certificate.fingerprint in self.store.pinned:
            self._say(what, Imported.KNOWN)
        else:
            country = _file_word(certificate.subject.country)
            self._write(Path(PINS) / f"dsc-{country}-{certificate.fingerprint[:16]}.cer", certificate.raw)
            self.store = replace(self.store, pins=(*self.store.pins, certificate))
            self._say(what, Imported.ADDED, certificate.fingerprint)

    def _keep(self, certificate: Certificate, otherwise: Imported) -> None:
        kind = "root" if certificate.self_signed else "link"
        what = f"{kind} {certificate.subject.text}"
        if any(known.fingerprint == certificate.fingerprint for known in self.store.certificates):
            self._say(what, Imported.KNOWN)
            return
        if not certificate.issues_certificates:
            self._say(what, otherwise, "is no authority; a document signer can only be pinned")
            return
        try:
            str(certificate.key)
        except TrustError as error:
            self._say(what, otherwise, error.detail)
            return
        country = _file_word(certificate.subject.country)
        self._write(Path(f"csca-{country}-{certificate.fingerprint[:16]}.cer"), certificate.raw)
        self.store = replace(self.store, certificates=(*self.store.certificates, certificate))
        self._say(what, Imported.ADDED, certificate.fingerprint)

    def _authentic(self, crl: Crl) -> bool:
        for certificate in self.store.certificates:
            if certificate.subject != crl.issuer and certificate.subject_key_id != crl.authority_key_id:
                continue
            try:
                signed = crl.signed_by(certificate.key)
            except TrustError:
                continue
            if signed and (certificate.self_signed or find_chains(certificate, self.store).chains):
                return True
        return False

    def _write(self, name: Path, data: bytes) -> None:
        """Whole or not at all, so that a reader never meets half a file."""
        target = self.folder / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".import-")
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            os.chmod(temporary, 0o644)
            os.replace(temporary, target)
        except OSError as error:
            raise TrustError(TrustErrorReason.STORE, f"{target}: {error.strerror}") from None

    def _say(self, what: str, result: Imported, detail: str = "") -> None:
        self.lines.append(ImportLine(self.file, what, result, detail))


def _file_word(country: str | None) -> str:
    """A country as part of a file name: two letters or "xx"."""
    return country.lower() if country is not None and country.isascii() and country.isalpha() else "xx"
