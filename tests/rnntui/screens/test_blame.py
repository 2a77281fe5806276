"""The blame matrix on the screen: its cells, its window, its keys, and what it must not tell."""

import pytest

from bptt.edits import Edit
from bptt.run import Run
from rnntui.app import DebuggerApp
from rnntui.frame import Slot
from rnntui.screens.blame import BlameScreen
from rnntui.screens.debugger import Debugger
from rnntui.screens.jacobian import JacobianScreen
from rnntui.screens.other_keys import BLAME_KEYS, JACOBIAN_KEYS
from rnntui.screens.strips import strips, text
from rnntui.session import Session

TWO = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-2] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]) + F @ r2[t-1])
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""
"""A state read at lags 1 and 2, and another one."""


async def shown(pilot):
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    return text(pilot.app)


async def opened(pilot, *keys):
    await pilot.pause()
    await pilot.press("M", *keys)
    return await shown(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 55)])
async def test_the_matrix_at_every_size(sessions, snapshot, size):
    session = sessions(TWO)
    session.goto_place("backward t=4 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        assert await opened(pilot, *["minus"] * 5, "c") == snapshot


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_a_long_run_is_joined_and_fits(sessions, snapshot, size):
    session = sessions(TWO, text="hello hell " * 12)
    session.goto_place("backward t=40 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        assert await opened(pilot, *["minus"] * 10, "c") == snapshot


async def test_a_run_of_one_time(sessions):
    async with DebuggerApp(sessions(TWO, text="he")).run_test(size=(80, 24)) as pilot:
        assert "Nothing is cut" in await opened(pilot, "minus", "plus", "c", "equals_sign", "h", "j", "k", "l")


async def test_the_window_strikes_out_what_it_cuts_and_equals_takes_it_back(sessions):
    async with DebuggerApp(sessions(TWO)).run_test(size=(120, 36)) as pilot:
        before = await opened(pilot)
        assert before.count("×") == 1  # the scale's own
        narrow = await opened(pilot, "M", *["minus"] * 7)
        assert "Chunks of 2 times cut" in narrow  # as `rnntui blame --window 2` means it
        await pilot.press("c")
        assert "A window of 2 times cuts" in await shown(pilot)
        await pilot.press("minus")
        narrow = await shown(pilot)
        assert narrow.count("×") == 1 + 36  # all below the diagonal of 9 times
        assert "(36 of 45 cells)" in narrow
        await pilot.press("equals_sign")
        assert await shown(pilot) == before


async def test_a_truncated_run_begins_with_its_own_window(sessions):
    full = sessions(TWO)
    run = Run(full.run.model, full.source.x, full.source.y, window=3)
    async with DebuggerApp(Session(run, full.source)).run_test(size=(120, 36)) as pilot:
        assert "Chunks of 3 times cut" in await opened(pilot)
        await pilot.press("c")
        assert "A window of 3 times cuts" in await shown(pilot)


async def test_enter_puts_the_debugger_at_that_gradient(sessions):
    session = sessions(TWO)
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await opened(pilot, "l", "l", "s", "enter")
        assert isinstance(pilot.app.screen, Debugger)
        assert (session.phase, session.t, session.current.target) == ("backward", 3, "r2")


async def test_it_changes_nothing_of_the_debugger(sessions):
    async with DebuggerApp(sessions(TWO)).run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        before = await shown(pilot)
        await opened(pilot, "minus", "c", "s", "k", "escape")
        assert await shown(pilot) == before


async def test_every_key_of_both_screens_has_an_action_and_none_two():
    for table, screen in ((BLAME_KEYS, BlameScreen), (JACOBIAN_KEYS, JacobianScreen)):
        names = [name for key in table for name in key.keys]
        assert len(names) == len(set(names))
        for key in table:
            assert callable(getattr(screen, f"action_{key.id}")) and key.help and key.label


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("key", ["M", "J"])
async def test_nothing_tells_a_hidden_value_or_what_is_computed_from_it(sessions, key, size):
    """Two runs that differ from a time on are the same to see while a value at that time is hidden."""

    async def seen(edits):
        session = sessions(TWO)
        for edit in edits:
            session.edit(edit)
        session.end()
        session.hide([Slot("mem", 4)])
        session.look_at(Slot("mem", 2), 0)
        async with DebuggerApp(session).run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press(key)
            screens = []
            for keys in ([], ["k"] * 6, ["minus"], ["s"], ["home"], ["l"] * 2, ["l"]):
                await pilot.press(*keys)
                await shown(pilot)
                screens.append(strips(pilot.app)[1:])
            return screens

    plain, edited = await seen([]), await seen([Edit("mem", 0.9, (4, 4))])
    for before, after in zip(plain, edited, strict=True):
        assert before == after
    assert any(plain[0] != other for other in plain)


async def test_what_a_hidden_gradient_goes_into_is_hidden_and_nothing_else(sessions):
    session = sessions(TWO)
    session.end()
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        whole = (await opened(pilot)).splitlines()[4:15]
        await pilot.press("escape")
        session.hide([Slot("mem", 4, True)])
        part = (await opened(pilot)).splitlines()[4:15]
        await pilot.press("escape", "J")
        assert "?" not in "".join((await shown(pilot)).splitlines()[:-1])
    for t, (before, after) in enumerate(zip(whole[:9], part[:9], strict=True), start=1):
        pairs = zip(before.split()[-t:], after.split()[-t:], strict=True)
        for k, (number, seen) in enumerate(pairs, start=1):
            assert seen == ("?" if t >= 4 and k <= 4 else number), (t, k)
    assert [row.count("?") for row in part] == [0, 0, 0, *[4] * 8]


@pytest.mark.parametrize("key", ["M", "J"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
@pytest.mark.parametrize("letters", [10, 90])
async def test_in_ascii_every_row_is_ascii_and_as_wide_as_before(sessions, key, size, letters):
    app = DebuggerApp(sessions(TWO, text=("hello hell" * 10)[:letters]), ascii=True)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(key, *["minus"] * 4)
        plain = await shown(pilot)
        assert plain.isascii(), {letter for letter in plain if not letter.isascii()}
        assert {row.cell_length for row in strips(app)} == {size[0]}


@pytest.mark.parametrize("key", ["M", "J"])
async def test_without_colours_every_colour_is_a_grey(sessions, monkeypatch, key):
    monkeypatch.setenv("NO_COLOR", "1")
    app = DebuggerApp(sessions(TWO, text="hello hell " * 6))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press(key, *["minus"] * 4)
        await shown(pilot)
        for row in strips(app):
            for segment in row:
                for colour in (segment.style.color, segment.style.bgcolor):
                    red, green, blue = colour.get_truecolor()
                    assert red == green == blue, segment


async def test_a_click_puts_the_lens_on_a_cell(sessions):
    async with DebuggerApp(sessions(TWO)).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        screen = pilot.app.screen
        grid = screen.query_one("#blame").grid
        await pilot.click("#blame", offset=(grid.columns.x(1) + 1, 3 + 4))
        assert "The loss at t=5 reaches mem at t=2" in await shown(pilot)


async def test_the_colours_changed_there_stay_changed(sessions):
    app = DebuggerApp(sessions(TWO))
    async with app.run_test(size=(120, 36)) as pilot:
        assert "t light" in await opened(pilot)
        await pilot.press("t")
        assert "t dark" in await shown(pilot)
        await pilot.press("escape")
        await shown(pilot)
        assert app.screen._palette is app.palette and app.palette.name == "light"


async def test_a_run_too_long_is_a_notice(sessions, monkeypatch):
    monkeypatch.setattr("rnntui.screens.elsewhere.LONGEST", 5)
    async with DebuggerApp(sessions(TWO)).run_test(size=(80, 24)) as pilot:
        assert "at most 5" in await opened(pilot)
        assert isinstance(pilot.app.screen, Debugger)


async def test_a_gradient_that_the_run_cuts_cannot_be_gone_to(sessions):
    full = sessions(TWO)
    session = Session(Run(full.run.model, full.source.x, full.source.y, window=3), full.source)
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await opened(pilot, "enter")
        assert "this run cuts the loss at t=9 before t=7" in await shown(pilot)
        await pilot.press(*["l"] * 6, "enter")
        await shown(pilot)
        assert (session.phase, session.t, session.current.target) == ("backward", 7, "mem")
