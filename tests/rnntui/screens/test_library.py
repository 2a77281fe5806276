"""The library: what it lists, how it is narrowed, what opens, and what is said where nothing is."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest

from rnntui.app import DebuggerApp
from rnntui.course.shelf import open_shelf, shipped
from rnntui.library.library import read_library
from rnntui.library.runs import keep_request
from rnntui.safe import InputError
from rnntui.screens.debugger import Debugger
from rnntui.screens.fault_card import FaultCard
from rnntui.screens.library import LibraryScreen
from rnntui.screens.strips import text
from rnntui.session import Session
from rnntui.sources.request import Request
from rnntui.store import Notebook, Store
from rnntui.widgets.contents import Contents

SIZES = [(80, 24), (120, 36)]
LESSON = """\
id: {id}
title: "{title}"
summary: The {id} one.
level: 2
minutes: 3
needs: [{needs}]
model: {{cell: rnn, hidden: 2}}
data: {{text: "abab"}}
steps:
  - say: Hello from {id}.
  - say: The end of {id}.
  - expect: loss > 0
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three lessons, one of them broken, and a cell."""
    (tmp_path / "index.yaml").write_text("title: Odd things\norder: [one, two, three]\n", encoding="utf-8")
    for id, title, needs in (("one", "A [b] dh[t] [/b]", ""), ("two", "Two", "one"), ("three", "Three", "")):
        (tmp_path / f"{id}.yaml").write_text(LESSON.format(id=id, title=title, needs=needs), encoding="utf-8")
    (tmp_path / "three.yaml").write_text("id: three\ntitle: Three\nmodel: {cell: nnr}\nsteps: []\n", encoding="utf-8")
    own = tmp_path / "own"
    own.mkdir()
    (own / "odd-cell.txt").write_text("r2[t] = tanh(A @ x[t] + B @ r2[t-1])\n", encoding="utf-8")
    (own / "wrong.cell").write_text("r2[t] = tahn(A @ x[t])\n", encoding="utf-8")
    (own / "letter.txt").write_text("Dear reader,\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(folder: Path) -> DebuggerApp:
    store = Store()
    Notebook(store, str((folder / "one.yaml").resolve()), "d", 2).stands(1, done=True)
    return DebuggerApp(lambda: read_library(store, open_shelf(folder), folder / "own"), store=store)


async def settled(pilot) -> str:
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    for _ in range(6):
        await pilot.pause()
    return text(pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_library_at_its_sizes(app, snapshot, size):
    async with app.run_test(size=size) as pilot:
        assert await settled(pilot) == snapshot


async def test_a_lesson_is_opened_played_to_its_end_and_the_next_one_follows(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        assert "Hello from one." in await settled(pilot)
        assert "lesson 1 of 3" in await settled(pilot)
        await pilot.press("enter", "enter")
        end = await settled(pilot)
        assert "The one one." in end and "Next  Two" in end
        await pilot.press("enter")
        assert "Hello from two." in await settled(pilot)
        await pilot.press("L")
        assert isinstance(app.screen, LibraryScreen)
        await pilot.press("escape")
        assert "Hello from two." in await settled(pilot)


async def test_a_lesson_that_is_wrong_is_told_with_its_place_and_nothing_else_happens(app):
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "enter")
        shown = await settled(pilot)
        assert isinstance(app.screen, FaultCard)
        assert "three.yaml:3:" in shown and "did you mean" in shown
        await pilot.press("escape")
        assert isinstance(app.screen, LibraryScreen)


async def test_the_line_at_fault_is_quoted_with_its_column_and_the_file_is_tried_again(app, folder):
    file = folder / "three.yaml"
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("down", "down", "enter")
        rows = (await settled(pilot)).splitlines()
        place = next(row for row in rows if "three.yaml:3:" in row)
        column = int(place.split("three.yaml:3:")[1].split(":")[0])
        quoted = next(n for n, row in enumerate(rows) if f"│ {file.read_text().splitlines()[2]}" in row)
        assert rows[quoted + 1].index("^") == rows[quoted].index("model") + column - 1
        file.write_text((folder / "one.yaml").read_text().replace("id: one", "id: three"), encoding="utf-8")
        await pilot.press("r")
        assert "Hello from one." in await settled(pilot)


async def test_an_example_and_a_cell_of_ones_own_are_opened_and_stand_among_the_recent_runs(app, folder):
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("2", "down", "up", "enter")
        assert " rnn H=4 " in await settled(pilot)
    recent = read_library(Store(), open_shelf(folder), folder / "own").parts[2]
    assert [item.title for item in recent.items] == ["rnn H=4 on 'hello hello'"]


async def test_what_is_typed_narrows_by_every_word_and_escape_shows_all_again(app):
    async with app.run_test(size=(80, 24)) as pilot:
        everything = await settled(pilot)
        await pilot.press("slash", *"peep")
        shown = await settled(pilot)
        assert "lstm-peephole" in shown and "Two" not in shown and "selective-write" not in shown
        await pilot.press(*" xyz")
        assert "Nothing here has peep xyz" in await settled(pilot)
        await pilot.press("escape")
        assert await settled(pilot) == everything
        await pilot.press("slash", *"gated", "down", "enter")
        assert " gru-reset-after H=4 " in await settled(pilot)


async def test_a_click_opens(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.click(Contents, offset=(10, 2))
        assert "Hello from two." in await settled(pilot)


async def test_where_there_is_nothing_that_is_said(tmp_path):
    async with DebuggerApp(lambda: read_library(Store(), shipped(), tmp_path)).run_test(size=(120, 80)) as pilot:
        shown = await settled(pilot)
        assert "Nothing yet: what you open" in shown and "No lesson and no cell in this folder" in shown


async def test_the_steps_are_listed_and_jumped_to(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("o")
        assert "2 · The end of one." in await settled(pilot)
        await pilot.press("down", "enter")
        assert "step 2 of 2" in await settled(pilot)


def test_advice_names_what_is_not_done_and_goes_when_it_is(folder):
    store = Store()
    two = read_library(store, open_shelf(folder), folder).parts[0].items[1]
    assert (two.advice, two.state) == ("goes well after lesson 1", "new")
    Notebook(store, str((folder / "one.yaml").resolve()), "d", 2).stands(1, done=True)
    Notebook(store, str((folder / "two.yaml").resolve()), "d", 12).stands(3)
    library = read_library(store, open_shelf(folder), folder)
    two = library.parts[0].items[1]
    assert (two.advice, two.state, two.standing) == ("", "begun", "4/12")
    assert (library.done, library.lessons) == (1, 3)


def test_files_of_ones_own_are_lessons_and_cells_and_those_opened_before(folder):
    store = Store()
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    keep_request(store, Request(cell=str(folder / "own" / "odd-cell.txt"), text="abc"))
    own = read_library(store, shipped(), elsewhere).parts[3].items
    assert [item.title for item in own] == ["odd-cell.txt"]
    own = read_library(store, shipped(), folder / "own").parts[3].items
    assert [(item.title, item.state) for item in own] == [("odd-cell.txt", "new"), ("wrong.cell", "broken")]
    assert "did you mean 'tanh'" in own[1].about


async def test_from_a_lesson_of_ones_own_course_the_library_shows_that_course(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("L")
        assert "Odd things" in await settled(pilot)


async def test_a_cell_is_written_from_the_library(app):
    async with app.run_test(size=(80, 24)) as pilot:
        here = await settled(pilot)
        await pilot.press("E")
        assert "bench › a new cell" in await settled(pilot)
        await pilot.press("escape")
        shown = await settled(pilot)
        assert shown.splitlines()[:20] == here.splitlines()[:20]


async def test_a_cell_is_changed_from_the_library_even_one_that_is_wrong(app):
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("2", "E")
        shown = await settled(pilot)
        assert "h[t] = tanh(a[t])" in shown and "∇W += ∇a[t] h[t-1]ᵀ" in shown
        await pilot.press("escape")
        await settled(pilot)
        await pilot.press("4", "down", "E")
        shown = await settled(pilot)
        assert "wrong.cell" in shown and "line 1, column 9: no function is called 'tahn'" in shown


async def test_with_a_home_that_cannot_be_used_the_library_opens_and_says_so_once(folder, monkeypatch):
    (folder / "in-the-way").write_text("")
    monkeypatch.setenv("RNNTUI_HOME", str(folder / "in-the-way"))
    store = Store()
    app = DebuggerApp(lambda: read_library(store, open_shelf(folder), folder), store=store)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        assert "progress is not kept: " in await settled(pilot)
        await pilot.press("enter")
        assert "progress is not kept" not in await settled(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_the_end_of_a_lesson_and_its_steps(app, snapshot, size):
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        await pilot.press("enter", "enter")
        end = await settled(pilot)
        await pilot.press("o")
        assert end + await settled(pilot) == snapshot


async def test_what_was_given_up_is_not_shown_in_the_place_of_what_was_opened_after(app):
    first, second = Event(), Event()

    def given_up():
        first.wait(5)
        raise InputError("slow", "", "came late")

    def opened():
        second.wait(5)
        run, source = Request(text="hello").run()
        return Session(run, source), None

    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.open(given_up)
        await pilot.pause()
        await pilot.press("escape")
        app.open(opened)
        await pilot.pause()
        first.set()
        await pilot.pause(0.2)
        assert "came late" not in text(app)
        second.set()
        for _ in range(60):
            await pilot.pause(0.05)
            if isinstance(app.screen, Debugger):
                break
        assert isinstance(app.screen, Debugger)
