"""The bench: equations follow the typing, faults have a caret, cells run, files are written, nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from rnntui.app import DebuggerApp
from rnntui.bench.draft import TEMPLATE
from rnntui.bench.sheet import new_sheet
from rnntui.frame import Slot
from rnntui.screens.bench import QUIET, Bench
from rnntui.screens.debugger import Debugger
from rnntui.screens.library import LibraryScreen
from rnntui.screens.other_keys import BENCH_KEYS, LIBRARY_KEYS
from rnntui.screens.strips import text
from rnntui.store import Store
from rnntui.widgets.editor import Editor

SIZES = [(80, 24), (120, 36)]
ODD = "q[t] = sigmoid(A @ x[t] + B @ mem[t-1])\nmem[t] = q[t] * mem[t-1] + (1 - q[t]) * tanh(C @ x[t])\n"


def bench(file: Path | None = None) -> DebuggerApp:
    return DebuggerApp(lambda: new_sheet(None if file is None else str(file)))


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    file = tmp_path / "odd.txt"
    file.write_text(ODD, encoding="utf-8")
    return file


async def settled(pilot) -> str:
    for _ in range(3):
        await pilot.pause()
    return text(pilot.app)


async def read(pilot) -> str:
    """After the pause in which the text is read."""
    await asyncio.sleep(QUIET * 1.5)
    return await settled(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_the_bench_at_its_sizes(snapshot, size):
    async with bench().run_test(size=size) as pilot:
        assert await settled(pilot) == snapshot


@pytest.mark.parametrize("size", SIZES)
async def test_a_fault_at_its_sizes(odd, snapshot, size, monkeypatch):
    monkeypatch.chdir(odd.parent)
    async with bench(Path("odd.txt")).run_test(size=size) as pilot:
        await settled(pilot)
        await pilot.press("down", "end", *" + tahn(x[t])")
        assert await read(pilot) == snapshot


async def test_of_several_faults_that_of_the_cursors_line_is_told_and_where_the_others_are(odd):
    odd.write_text("q[t] = sigmid(A @ x[t])\nmem[t] = mem[t-1] + q[t]\nk[t] = 0,1 * mem[t] + i[t]\n", encoding="utf-8")
    async with bench(odd).run_test(size=(120, 36)) as pilot:
        shown = await read(pilot)
        assert " q[t] = sigmid(A @ x[t])\n        ^" in "\n".join(row.rstrip() for row in shown.split("\n"))
        assert "line 1, column 8: no function is called 'sigmid'" in shown and "wrong too: line 3" in shown
        await pilot.press("down", "down")
        shown = await read(pilot)
        assert "line 3, column 9: a decimal comma: write 0.1" in shown and "wrong too: lines 1, 3" in shown


async def test_a_text_that_does_not_run_is_saved_and_said_not_to(odd):
    async with bench(odd).run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("down", "end", *" + tahn(x[t])", "ctrl+s")
        assert "saved odd.txt; it does not run yet" in await settled(pilot)
        assert "tahn(x[t])" in odd.read_text(encoding="utf-8")


async def test_a_cell_without_memory_runs_and_is_told_so(odd):
    odd.write_text("h[t] = tanh(W @ x[t])\n", encoding="utf-8")
    async with bench(odd).run_test(size=(120, 36)) as pilot:
        assert "no memory: nothing is read at t-1" in await read(pilot)
        await pilot.press("f5")
        await settled(pilot)
        assert isinstance(pilot.app.screen, Debugger)


async def test_the_backward_equations_follow_what_is_typed(odd):
    async with bench(odd).run_test(size=(120, 36)) as pilot:
        assert "∇C +=" in await settled(pilot)
        assert "∇Q2" not in text(pilot.app)
        await pilot.press("down", "end", *" + Q2 @ x[t]")
        assert "∇Q2 += ∇mem[t] x[t]ᵀ" in await read(pilot)
        await pilot.press(*["ctrl+z"] * 12)
        assert "∇Q2" not in await read(pilot)


async def test_markup_in_the_text_is_shown_as_typed(odd):
    async with bench(odd).run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press(*"dh[t] [/b] [@click=app.quit]x[/] ")
        shown = await read(pilot)
        assert shown.count("dh[t] [/b] [@click=app.quit]x[/]") == 2
        assert "line 1, column" in shown


async def test_a_cell_runs_on_the_data_and_quitting_leads_back_to_the_text(odd):
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for run, back in (("f5", "q"), ("ctrl+r", "escape"), ("ctrl+enter", "E")):
            await pilot.press("pagedown", "end", *"# ", run)
            shown = await settled(pilot)
            assert isinstance(app.screen, Debugger), (run, shown)
            await pilot.press("right")
            assert "t=1 › q" in await settled(pilot)
            await pilot.press("L")
            assert isinstance(app.screen, Debugger)
            await pilot.press(back)
            await settled(pilot)
            assert isinstance(app.screen, Bench)
            assert app.screen.query_one(Editor).text.endswith("# ")


async def test_the_run_of_a_text_shows_the_way_back_and_a_click_goes_it(odd):
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        text_screen = app.screen
        await pilot.press("f5")
        assert "esc back" in (await settled(pilot)).splitlines()[-1]
        await pilot.click("#keys", offset=(2, 0))
        await settled(pilot)
        assert app.screen is text_screen


async def test_a_text_that_is_wrong_does_not_run_and_the_caret_goes_to_the_place(odd):
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("down", "end", *" * tahn(x[t])", "up", "home", "f5")
        assert isinstance(app.screen, Bench)
        assert app.screen.query_one(Editor).cursor_location == (1, 57)


async def test_the_text_is_saved_under_a_name_and_no_file_is_replaced_unasked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    there = tmp_path / "there.txt"
    there.write_text("precious", encoding="utf-8")
    app = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"# mine", "enter", "ctrl+s")
        assert "my-cell.txt" in await settled(pilot)
        await pilot.press("ctrl+u", *"there.txt", "enter")
        assert "exists: enter replaces it" in await settled(pilot)
        assert there.read_text(encoding="utf-8") == "precious"
        await pilot.press("ctrl+u", *"new.txt", "enter")
        await settled(pilot)
        assert (tmp_path / "new.txt").read_text(encoding="utf-8") == "# mine\n" + TEMPLATE
        assert "not saved" not in text(app)
        await pilot.press(*"# more", "enter", "ctrl+s")
        await settled(pilot)
        assert (tmp_path / "new.txt").read_text(encoding="utf-8").startswith("# mine\n# more\n")
        await pilot.press("x")
        (tmp_path / "new.txt").write_text("by another", encoding="utf-8")
        await pilot.press("ctrl+s", "enter")
        assert "exists: enter replaces it" in await settled(pilot)
        await pilot.press("enter")
        await settled(pilot)
        assert "# more" in (tmp_path / "new.txt").read_text(encoding="utf-8")


async def test_a_name_that_cannot_be_written_is_said_and_the_text_stays(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("ctrl+s", "ctrl+u", *"nowhere/x.txt", "enter")
        assert "there is no folder nowhere" in await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen.query_one(Editor).text == TEMPLATE


@pytest.mark.parametrize("leave", ["escape", "ctrl+q"])
async def test_leaving_asks_where_the_text_is_not_saved(tmp_path, monkeypatch, leave):
    monkeypatch.chdir(tmp_path)
    app = bench()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("x", leave)
        assert "The text is not saved." in await settled(pilot)
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen.query_one(Editor).text == "x" + TEMPLATE
        await pilot.press(leave, "s", "enter")
        await settled(pilot)
    assert (tmp_path / "my-cell.txt").read_text(encoding="utf-8") == "x" + TEMPLATE
    assert app.return_value == 0


async def test_a_text_that_was_not_touched_is_left_at_once(odd):
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("escape")
    assert app.return_value == 0


async def test_from_the_debugger_the_cell_is_changed_and_escape_leads_back(app):
    async with app.run_test(size=(120, 36)) as pilot:
        here = await settled(pilot)
        await pilot.press("E")
        shown = await settled(pilot)
        assert "bench › a new cell" in shown and "E @ (q[t] * mem[t-1])" in shown
        await pilot.press("escape")
        assert await settled(pilot) == here


async def test_a_whole_book_pasted_is_refused_by_its_length_and_nothing_hangs(odd):
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen.query_one(Editor).insert("h[t] = x[t] " * 20_000)
        assert "8,000 are allowed" in await read(pilot)


async def test_what_was_not_saved_is_there_again_after_a_kill_until_it_is_given_up(odd):
    async with bench(odd).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"# precious", "enter")
        await read(pilot)  # and then the terminal is closed
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await settled(pilot)
        assert "# precious" in shown and "not saved" in shown and "here again" in shown
        await pilot.press("escape", "l")
        await settled(pilot)
    async with bench(odd).run_test(size=(80, 24)) as pilot:
        assert "precious" not in await settled(pilot)


async def test_what_is_saved_is_no_draft_any_more(odd):
    async with bench(odd).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"# kept", "enter")
        await read(pilot)
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert Store().read("SELECT count(*) FROM draft") == [(0,)]
    assert odd.read_text(encoding="utf-8") == "# kept\n" + ODD


async def test_a_text_without_a_line_end_is_saved_twice_without_a_question(odd):
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen.query_one(Editor).text = "mem[t] = tanh(A @ x[t])"
        await pilot.press("ctrl+s")
        await settled(pilot)
        app.screen.query_one(Editor).text = "mem[t] = tanh(B @ x[t])"
        await pilot.press("ctrl+s")
        await settled(pilot)
    assert odd.read_text(encoding="utf-8") == "mem[t] = tanh(B @ x[t])\n"


async def test_what_a_question_hides_cannot_be_run_at_the_bench(sessions):
    session = sessions()
    app = DebuggerApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        session.hide([Slot("mem", 2)])
        await pilot.press("E")
        assert "predict first" in await settled(pilot)
        assert isinstance(app.screen, Debugger)


@pytest.mark.parametrize("key", [key for entry in BENCH_KEYS for key in entry.keys])
def test_every_key_of_the_bench_has_its_action(key):
    (entry,) = [entry for entry in BENCH_KEYS if key in entry.keys]
    assert entry.id == "over" or callable(getattr(Bench, f"action_{entry.id}"))


def test_every_key_of_the_library_has_its_action():
    for entry in LIBRARY_KEYS:
        assert callable(getattr(LibraryScreen, f"action_{entry.id}"))


async def test_quitting_from_a_screen_beside_the_run_asks_too(odd):
    app = bench(odd)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press(*"# mine", "enter", "f5")
        await settled(pilot)
        await pilot.press("M")
        await settled(pilot)
        await pilot.press("q")
        await settled(pilot)
        assert app.return_code is None
        assert "not saved" in text(app)
