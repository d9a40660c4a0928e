"""Every case of the scripted check-in, in one world: real touches, real peers, and the gateway's books agree."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import sync_playwright

from simulators.world.books import Books
from simulators.world.cases import BY_NAME, CASES, Case, wrong
from simulators.world.person import Manners, StepFailed
from simulators.world.scripted import check_slip, play, save_slips
from simulators.world.world import Options, World

QUIET = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
pytestmark = [pytest.mark.wire, pytest.mark.screen]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("cases"), Options(hospital="rest", fingers=True)) as world:
        yield world


@pytest.fixture(scope="module")
def played() -> set[str]:
    """Names of the cases that this world has seen."""
    return set()


def left_a_finger(world: World) -> None:
    """Where a test runs alone, the case it follows is played first."""
    if not Books(world.run).finger_templates():
        case = BY_NAME["finger-left"]
        play(world, Manners(citizen=case.citizen, clinic=case.clinic, think=0.0), None, case)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_case_is_played_and_the_books_agree(world: World, played: set[str], tmp_path: Path, case: Case) -> None:
    if case.follows:
        left_a_finger(world)
    printed = int(world.processes["printer"].state()["slips"])
    play(world, Manners(citizen=case.citizen, clinic=case.clinic, think=0.0), None, case)
    played.add(case.name)
    save_slips(world, tmp_path, printed)
    check_slip(world, tmp_path)
    with Image.open(tmp_path / "ticket.png") as ticket:
        assert ticket.width == 576


def test_a_case_that_went_another_way_is_no_success(world: World, played: set[str]) -> None:
    # The elderly patient came before: the number of this clinic and person is found again, nothing new is made.
    case = BY_NAME["elderly"]
    if case.name not in played:
        play(world, Manners(citizen=case.citizen, clinic=case.clinic, think=0.0), None, case)
    with pytest.raises(StepFailed, match="0 new check-ins instead of one"):
        play(world, Manners(citizen=case.citizen, clinic=case.clinic, think=0.0), None, case)


def test_screens_and_columns_that_differ_are_named() -> None:
    case = BY_NAME["insurer-down"]
    assert wrong(case, [("review", ""), ("problem", "BH-102")], [], []) == (
        "the screen problem BH-101 did not come, or not in its order"
    )


@pytest.mark.web
def test_a_finger_is_laid_down_from_the_desk(world: World) -> None:
    module = world.processes["fingerprint"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        page = browser.new_page(viewport={"width": 1500, "height": 1400})
        page.set_default_timeout(60_000)
        page.goto(world.processes["desk"].facts["url"], wait_until="domcontentloaded")
        page.click("[data-citizen=hoa]")
        page.click("#finger-right")
        page.get_by_text("Có ngón tay trên đầu đọc").wait_for()
        page.get_by_text("Đầu đọc đang nghỉ").wait_for()
        page.click("#finger-out")
        page.get_by_text("Đầu đọc đã rút dây").wait_for()
        assert not module.state()["plugged"]
        page.click("#finger-in")
        page.get_by_text("Đầu đọc đang nghỉ").wait_for()
        browser.close()


def test_no_template_stands_open_in_anything_that_was_written(world: World) -> None:
    left_a_finger(world)
    written = [file for file in world.run.rglob("*") if file.is_file()]
    assert any(file.name.startswith("gateway.sqlite") for file in written)
    # How every record of ISO/IEC 19794-2 begins, as bytes, in base64 and in hexadecimal.
    marks = (b"FMR\0 20\0", base64.b64encode(b"FMR\0 20\0")[:10], b"FMR\0 20\0".hex().encode())
    for file in written:
        content = file.read_bytes()
        assert not [mark for mark in marks if mark in content], file.name
