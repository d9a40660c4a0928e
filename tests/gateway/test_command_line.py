"""Settings, accounts and codes as an administrator meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from gateway.__main__ import main
from gateway.settings import Secret, SettingsError, load
from gateway.staff import accounts
from gateway.staff.accounts import AccountError, Role
from gateway.store.bus import Bus
from gateway.store.database import Store
from gateway.store.migrate import is_current, migrate
from gateway.store.tables import metadata

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "gateway" / "data" / "demo-hoa-giang.toml"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("database = 5", ":1", "valid string"),
        ("[server]\nport = 70000", ":2", "less than or equal to 65535"),
        ("[queue]\n\nlease_sise = 3", ":3", "Extra inputs"),
        ('[bank]\nbin = "12"', ":2", "pattern"),
        ('[bank]\naccount_name = "Bệnh viện"', ":2", "pattern"),
        ('[insurance]\npassword = { env = "A", file = "b" }', ":2", "exactly one of"),
        ("[server\n", "", "line 1"),
    ],
)
def test_a_wrong_setting_names_file_line_and_what_is_allowed(tmp_path: Path, text: str, where: str, what: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        load([DEMO, file])
    assert f"{file}{where}" in str(error.value)
    assert what in str(error.value)


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml"):
        load([tmp_path / "nowhere.toml"])


def test_a_later_file_goes_over_an_earlier_one(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text('[place]\nname = "Khác"\n[bank]\napi_token = { file = "x" }', encoding="utf-8")
    settings = load([DEMO, file])
    assert settings.place.name == "Khác"
    assert settings.place.name_en == "Hòa Giang General Hospital"
    assert settings.bank.api_token == Secret(file=Path("x"))


def test_a_secret_that_is_not_there_is_named_without_any_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRAM_NOT_THERE", raising=False)
    with pytest.raises(SettingsError, match="TRAM_NOT_THERE"):
        Secret(env="TRAM_NOT_THERE").read()
    with pytest.raises(SettingsError, match="nofile"):
        Secret(file=tmp_path / "nofile").read()


def test_the_demos_bank_is_no_bank() -> None:
    bins = {line.split(",")[0] for line in (ROOT / "assets" / "data" / "banks.csv").read_text("utf-8").splitlines()}
    settings = load([DEMO])
    assert settings.demo
    assert settings.bank.bin not in bins


def test_migrations_make_exactly_the_tables(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/new.db", Bus())
    assert not is_current(store)
    migrate(store)
    migrate(store)
    assert is_current(store)
    with store.read() as transaction:
        context = MigrationContext.configure(transaction.connection)
        assert compare_metadata(context, metadata) == []
    store.close()


@pytest.mark.parametrize(("name", "password"), [("lan", "short"), ("Lan", "long enough"), ("x" * 41, "long enough")])
def test_weak_accounts_are_refused(gateway: Any, name: str, password: str) -> None:
    with pytest.raises(AccountError):
        accounts.add(gateway.house, name, Role.STAFF, password)


def test_there_is_no_account_nobody_made(gateway: Any) -> None:
    for name in ("admin", "root", "staff", ""):
        answer = gateway.client.post("/staff/login", data={"name": name or "x", "password": "admin"})
        assert answer.status_code in {401, 422}


def test_passwords_are_kept_as_argon2id(gateway: Any) -> None:
    accounts.add(gateway.house, "lan", Role.STAFF, "một mật khẩu dài")
    file = Path(gateway.house.settings.database.removeprefix("sqlite:///"))
    with gateway.house.store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = file.read_bytes()
    assert b"$argon2id$" in content
    assert "một mật khẩu dài".encode() not in content


def test_a_new_password_ends_the_sessions_of_the_old_one(gateway: Any) -> None:
    accounts.add(gateway.house, "lan", Role.STAFF, "một mật khẩu dài")
    token = accounts.log_in(gateway.house, "lan", "một mật khẩu dài")
    assert accounts.who(gateway.house, token) is not None
    accounts.add(gateway.house, "lan", Role.ADMIN, "mật khẩu khác hẳn")
    assert accounts.who(gateway.house, token) is None


def test_a_session_ends_with_the_shift(gateway: Any) -> None:
    accounts.add(gateway.house, "lan", Role.STAFF, "một mật khẩu dài")
    token = accounts.log_in(gateway.house, "lan", "một mật khẩu dài")
    gateway.clock.turn(hours=12, seconds=1)
    assert accounts.who(gateway.house, token) is None


def test_keys_are_readable_by_their_owner_only(gateway: Any) -> None:
    folder = gateway.house.settings.keys.directory
    assert folder.stat().st_mode & 0o077 == 0
    assert {path.name for path in folder.iterdir()} == {"sealing-1.key", "vault.key", "hash.key", "token.key"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())


def test_the_schema_is_published(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["openapi"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["components"]["schemas"]["Ticket"]["properties"]["number"]
    assert "/v1/check-ins" in schema["paths"]


def test_importing_the_gateway_loads_no_device_no_window_no_sound() -> None:
    script = (
        "import sys, gateway.app; "
        "print([m for m in ('smartcard', 'serial', 'kivy', 'sounddevice', 'escpos', 'trio') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.wire
def test_the_command_line_from_nothing_to_an_enrolled_kiosk(tmp_path: Path) -> None:
    over = tmp_path / "over.toml"
    over.write_text(
        f'database = "sqlite:///{tmp_path}/g.db"\n[keys]\ndirectory = "{tmp_path}/keys"\n', encoding="utf-8"
    )
    env = {
        name: "x"
        for name in (
            "TRAM_INSURER_PASSWORD",
            "TRAM_INSURER_OPERATOR_NAME",
            "TRAM_INSURER_OPERATOR_NUMBER",
            "TRAM_BANK_WEBHOOK_SECRET",
            "TRAM_BANK_API_TOKEN",
        )
    } | {"TRAM_INSURER_OPERATOR_NUMBER": "099180999901"}

    def run(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        settings = ["--settings", str(DEMO), "--settings", str(over)]
        return subprocess.run(
            [sys.executable, "-m", "gateway", *words, *settings],
            cwd=ROOT, env=env, input=typed, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert run("migrate").returncode == 0
    assert run("admin", "add", "lan", "--role", "staff", "--password-stdin", typed="ngắn\n").returncode == 1
    assert run("admin", "add", "lan", "--role", "staff", "--password-stdin", typed="một mật khẩu dài\n").returncode == 0
    code = run("enrol-code", "Trạm số 3", "--letter", "B")
    assert code.returncode == 0
    assert len(code.stdout.strip().replace("-", "")) == 12
    wrong = run("enrol-code", "Trạm số 3", "--letter", "U")
    assert (wrong.returncode, "U or T" in wrong.stderr) == (1, True)
    env.pop("TRAM_BANK_API_TOKEN")
    missing = run("migrate")
    assert (missing.returncode, "TRAM_BANK_API_TOKEN" in missing.stderr) == (2, True)
