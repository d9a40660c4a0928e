"""Terminal signers: the laboratory's files, and a hardware module that never gives its key away (SoftHSM)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.emrtd.lds.cvc import parse_cv_certificate
from drivers.emrtd.terminal_file import TerminalFiles
from simulators.chip.world import World

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
BRAINPOOL_P256R1 = bytes.fromhex("06092B2403030208010107")


def test_the_chain_leads_from_the_authority_down_to_the_terminal(world: World, tmp_path: Path) -> None:
    world.laboratory.write(tmp_path)
    files = TerminalFiles(tmp_path)
    chain = [parse_cv_certificate(data) for data in files.chain(world.laboratory.cvca.reference)]
    assert [certificate.authority for certificate in chain] == [
        world.laboratory.cvca.reference,
        world.laboratory.dv.reference,
    ]
    assert chain[-1].holder == world.laboratory.terminal.reference
    with pytest.raises(LookupError):
        files.chain(b"XXNOBODY00001")


def test_a_folder_without_a_key_is_refused(world: World, tmp_path: Path) -> None:
    world.laboratory.write(tmp_path)
    (tmp_path / "is.pem").unlink()
    with pytest.raises(ValueError, match="private key"):
        TerminalFiles(tmp_path)


class _HardwareSigner:
    """Certificates beside a token that signs; the private key cannot be taken out of it."""

    def __init__(self, folder: Path, key: Any) -> None:
        self._files = TerminalFiles(folder)
        self._key = key

    def chain(self, authority: bytes) -> Any:
        return self._files.chain(authority)

    def sign(self, data: bytes) -> bytes:
        from pkcs11 import Mechanism

        return self._key.sign(hashlib.sha256(data).digest(), mechanism=Mechanism.ECDSA)


HARDWARE_TEST = """
import sys
from pathlib import Path
import pkcs11
from pkcs11 import Attribute, KeyType, ObjectClass
sys.path.insert(0, {root!r})
from drivers.emrtd.read import DEFAULT_FILES, read_chip
from drivers.emrtd.reading import AccessKeys, FileId
from simulators.chip.world import World
from tests.drivers_chip.conftest import InProcess
from tests.drivers_chip.test_terminal_signers import BRAINPOOL_P256R1, _HardwareSigner

world = World()
world.laboratory.write(Path({folder!r}))
token = pkcs11.lib({module!r}).get_token(token_label="terminal")
with token.open(user_pin="1234", rw=True) as session:
    key = session.create_object({{
        Attribute.CLASS: ObjectClass.PRIVATE_KEY, Attribute.KEY_TYPE: KeyType.EC, Attribute.EC_PARAMS: BRAINPOOL_P256R1,
        Attribute.VALUE: world.laboratory.terminal.key.private.to_bytes(32, "big"), Attribute.SIGN: True,
        Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.TOKEN: False,
    }})
    card = InProcess(world.card({{"profile": "vietnam-2024", "photo": False}}))
    keys = AccessKeys(card.card.content.can)
    signer = _HardwareSigner(Path({folder!r}), key)
    reading = read_chip(card, keys, wanted=DEFAULT_FILES | {{FileId.DG3}}, terminal=signer)
    assert reading.transcript.terminal_authentication, reading.transcript.failed
    assert FileId.DG3 in reading.files
    print("fingers read")
"""


@pytest.fixture
def token(tmp_path: Path) -> Callable[[], dict[str, str]]:
    """A SoftHSM token of our own; its module reads its configuration when it is loaded, so in a process of its own."""

    def make() -> dict[str, str]:
        (tmp_path / "tokens").mkdir()
        configuration = tmp_path / "softhsm2.conf"
        configuration.write_text(f"directories.tokendir = {tmp_path / 'tokens'}\nobjectstore.backend = file\n")
        env = {**os.environ, "SOFTHSM2_CONF": str(configuration)}
        command = [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "terminal",
            "--pin",
            "1234",
            "--so-pin",
            "5678",
        ]
        subprocess.run(command, env=env, check=True, capture_output=True)
        return env

    return make


@pytest.mark.wire
@pytest.mark.skipif(not MODULE.exists(), reason="needs the Debian package softhsm2")
def test_a_hardware_module_opens_the_fingers_without_giving_its_key_away(
    token: Callable[[], dict[str, str]], tmp_path: Path
) -> None:
    root = Path(__file__).parents[2]
    program = HARDWARE_TEST.format(root=str(root), folder=str(tmp_path / "certificates"), module=str(MODULE))
    done = subprocess.run(
        [sys.executable, "-c", program], env=token(), cwd=root, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "fingers read", done.stderr
