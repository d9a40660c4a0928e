"""`python tests/fuzz/fuzz_seeds.py` writes the kept corpus: small valid inputs of every target, by the simulators."""

from __future__ import annotations

import base64
import hashlib
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1])]

from simulators import citizens  # noqa: E402  the path comes first
from simulators.chip import der, pki  # noqa: E402
from simulators.chip.content import CARD_ACCESS, CARD_SECURITY, COM, SOD, group_id  # noqa: E402
from simulators.chip.world import World  # noqa: E402

CORPUS = HERE / "corpus"


def seeds() -> dict[str, list[bytes]]:
    """Inputs by target."""
    world = World({"photo_bytes": 1500})
    found: dict[str, list[bytes]] = {}

    def add(target: str, *inputs: bytes) -> None:
        found.setdefault(target, []).extend(inputs)

    for options in ({"citizen": "khang"}, {"citizen": "hoa"}, {"citizen": "na"}, {"passport": "erika"}):
        content = world.card(dict(options)).content
        files = content.application
        add("com", files[COM])
        add("sod", files[SOD])
        for number in (1, 2, 3, 7, 11, 12, 13, 14, 15, 16):
            if group_id(number) in files:
                add(f"dg{number}", files[group_id(number)])
        if CARD_ACCESS in content.master:
            add("card_access", content.master[CARD_ACCESS])
        if CARD_SECURITY in content.master:
            add("card_security", content.master[CARD_SECURITY])
        if content.anchor is not None:
            add("cvc", content.anchor)
        add("atr", content.atr)
        add("tlv", files[COM], files[group_id(1)])
    add("mrz", *("\n".join(citizens.load(one).mrz()).encode() for one in ("khang", "sau")))
    csca = pki.make_csca(key="secp256r1")
    rsa = pki.make_csca(key="rsa2048", signature=pki.Signature("pss"))
    signer = pki.make_dsc(csca, key="secp256r1", master_list_signer=True)
    add("cms", pki.make_sod({1: b"a"}, signer)[4:])
    add("certificate", csca.certificate, rsa.certificate, signer.certificate)
    add("public_key", csca.key.public_info(explicit=True), csca.key.public_info(), rsa.key.public_info())
    add("crl", pki.make_crl(csca, {5: pki.START}), pki.make_crl(csca))
    add("master_list", pki.make_master_list([csca.certificate], signer, csca))
    encoded = base64.encodebytes(b"0123456789" * 3)
    add("trust_file", b"-----BEGIN CERTIFICATE-----\n" + encoded + b"-----END CERTIFICATE-----\n")
    add("trust_file", b"version: 1\ndn: c=DE\npkdMasterListContent:: " + encoded.replace(b"\n", b"\n "))
    digest = hashlib.sha256(b"M" * 20 + bytes(8)).digest()
    add("active_response", b"\x6a" + b"M" * 20 + digest + b"\x34\xcc")
    body = der.tlv(0x87, b"\x01" + b"data\x80" + bytes(11)) + bytes.fromhex("99029000")
    add("secure_messaging", body, body + bytes.fromhex("8E08") + bytes(8), bytes.fromhex("99026A82"))
    texts = [citizens.load(one).qr_text() for one in ("khang", "hoa", "sau")]
    texts += [citizens.load("hoa").bhyt_qr_text(), "TRAM:P1:K7M42Q9DK7M42Q9DK7M42Q9DK70"]
    texts += ["000.00.00.H26-260101-0001", "G09.20-20260101-0000001"]
    add("qr", *(text.encode() for text in texts))
    add("scanner", *((text + "\r\n").encode() for text in texts[:2]))
    payments = (
        "00020101021238570010A00000072701270006970403011300110123456780208QRIBFTTA530370454061800005802VN62340107NPS68"
        "690819thanh toan don hang63042E2E",
        "00020101021126280010A0000007750110010531314453037045408210900005802VN5910CELLPHONES62600312CPSHN ONLINE051702"
        "1908061613127850705ONLHN0810CellphoneS63047685",
    )
    add("vietqr", *(text.encode() for text in payments))
    add("purpose", b"MBVCB.841.TRM4K82QX.CT tu 0011")
    return found


def main() -> None:
    """Write the corpus anew; inputs that were findings once stay."""
    for old in CORPUS.glob("*/*"):
        if not old.name.startswith("finding-"):
            old.unlink()
    for target, inputs in seeds().items():
        folder = CORPUS / target
        folder.mkdir(parents=True, exist_ok=True)
        for data in inputs:
            (folder / hashlib.sha256(data).hexdigest()[:12]).write_bytes(data)


if __name__ == "__main__":
    main()
