"""Watches and breakpoints on the screen: set by keys and by the mouse, listed, run to in both directions."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.explain.marks import HIDDEN
from rnntui.frame import Slot
from rnntui.plain.pins import pins_of
from rnntui.screens.debugger import Debugger
from rnntui.screens.pin_list import PinList
from rnntui.screens.strips import strips, text

SIZES = [(80, 24), (120, 36)]


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


def typed(line):
    return ["space" if letter == " " else letter for letter in line]


@pytest.mark.parametrize("size", SIZES)
async def test_the_pane_of_what_is_pinned(session, snapshot, size):
    session.goto_place("backward t=5 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("b", "w", "enter", "w", *typed("norm(∇mem[t]) < 1e-3"), "enter")
        await pilot.press("colon", *typed("break max(mem[t]) > 0.3"), "enter", *(["4"] if size == (80, 24) else []))
        assert await settled(pilot) == snapshot


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_forgets_how_one_came_there(session, size):
    session.goto_place("backward t=5 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("b", "w", "enter", "4", "home", "c")
        await settled(pilot)
        pilot.app.screen.query_one("#notice").hush()
        before = strips(pilot.app) if await settled(pilot) else []
        await pilot.press("end", "home", "c", "C", "end", "C")
        assert session.phase == "backward" and session.t == 5
        pilot.app.screen.query_one("#notice").hush()
        await settled(pilot)
        assert strips(pilot.app) == before


async def test_b_sets_a_breakpoint_that_stops_both_ways_and_play_too(session):
    session.goto_place("forward t=3 mem")
    position = session.position
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("b", "home", "c")
        assert session.position == position
        assert "◂ here" in await settled(pilot)
        await pilot.press("c")
        assert session.position == session.total
        assert "no breakpoint is ahead" in await settled(pilot)
        await pilot.press("C")
        assert session.position == position
        await pilot.press("left", "left")
        screen = pilot.app.screen
        screen.action_play()
        screen._tick()
        assert session.position == position and not screen.is_playing
        await pilot.press("b")
        assert len(session.breakpoints) == 0


async def test_a_stop_is_told_where_no_pane_shows_it(session):
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *typed("break mem t=3"), "enter", "c")
        assert "stopped by mem t=3" in await settled(pilot)


async def test_the_right_button_sets_a_breakpoint_at_a_cell(session):
    session.goto_place("forward t=5 mem")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        screen = (await settled(pilot)).split("\n")
        row = next(number for number, line in enumerate(screen) if line.startswith(" mem"))
        await pilot.click("#score", offset=(screen[1].index(" 3 ") + 1, row - 1), button=3)
        assert [pin.text for pin in pins_of(session).breakpoints] == ["forward mem t=3"]
        assert session.lens.following


async def test_breakpoints_stand_on_the_scrub_bar(session):
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        assert "●" not in await settled(pilot)
        await pilot.press("colon", *typed("break mem t=4"), "enter")
        bar = (await settled(pilot)).split("\n")[-4]
        assert bar.count("●") == 2


async def test_what_is_wrong_with_an_expression_is_said_while_it_is_typed(session):
    session.goto_place("forward t=3 mem")
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("w", *typed("mem[t"))
        assert "column" in await settled(pilot)
        await pilot.press("enter")
        assert len(session.watches) == 0
        await pilot.press(*typed("]"))
        assert "column" not in await settled(pilot)
        await pilot.press("enter")
        assert isinstance(pilot.app.screen, Debugger)
        assert [str(watch) for watch in session.watches] == ["mem[t]"]


async def test_the_list_switches_takes_away_and_goes(session):
    session.goto_place("forward t=3 mem")
    position = session.position
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("b", "w", "enter", "B", "space")
        assert [b.enabled for b in session.breakpoints] == [False]
        assert "○" in await settled(pilot)
        await pilot.press("space", "up", "delete")
        assert len(session.watches) == 0
        assert isinstance(pilot.app.screen, PinList)
        await pilot.press("escape", "home", "B", "enter")
        assert session.position == position
        await pilot.press("B", "delete", "escape")
        assert len(session.breakpoints) == 0


@pytest.mark.parametrize("key", ["space", "delete", "enter", "a"])
async def test_what_was_taken_away_while_the_list_was_opened_is_listed_anew(session, key):
    session.goto_place("forward t=3 mem")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("b", "B")
        session.breakpoints.remove(1)
        await pilot.press(key)
        if key != "a":
            assert "breakpoints: none" in await settled(pilot)
        assert pilot.app.screen.query("OptionList, Input")


async def test_a_breakpoint_with_a_condition_is_added_from_the_list(session):
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("B", "a", *typed("mem if t == 3"), "enter", "c")
        assert (session.phase, session.t) == ("forward", 3)


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_hidden_is_in_the_pane(session, size):
    session.goto_place("forward t=4 mem")
    number = float(session.frame().vector(Slot("mem", 4))[0])
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("w", *typed("mem[4][0]"), "enter", "colon", *typed("break max(mem[t]) > 0"), "enter", "4")
        assert f"{number:.4f}".replace("-", "−")[:5] in await settled(pilot)
        session.hide([Slot("mem", 4)])
        assert pins_of(session).watches[0].value is HIDDEN
        shown = await settled(pilot)
        assert f"{number:.4f}".replace("-", "−")[:5] not in shown and "rests while" in shown
        assert "●" not in shown.split("\n")[-3]


async def test_a_watch_is_shown_as_typed(session):
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("w", *typed("[@click=app.quit]x[/]"), "enter")
        assert "[@click=app.quit]x[/]" in await settled(pilot)
        assert len(session.watches) == 0
        assert not isinstance(pilot.app.screen, Debugger)


async def test_a_gradient_that_explodes_is_told_as_far_as_it_has_come_and_not_while_something_is_hidden(sessions):
    grows = sessions("v[t] = 8 * v[t-1] + U @ x[t]", text="abcabcabc", name="grows")
    async with DebuggerApp(grows).run_test(size=(120, 36)) as pilot:
        grows.goto_place("backward t=8 v")
        assert "×10" not in await settled(pilot)
        grows.goto_place("backward t=2 v")
        assert "‖∇v‖ ×10⁵ in 6 steps" in await settled(pilot)
        grows.hide([Slot("v", 2, True)])
        assert "×10" not in await settled(pilot)
        grows.reveal()
        grows.goto_place("forward t=2 v")
        assert "×10" not in await settled(pilot)


async def test_the_first_breakpoint_leaves_the_circuit_and_what_is_said_leaves_its_list(sessions):
    session = sessions("lstm", "hell", hidden=4)
    async with DebuggerApp(session).run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.pause()
        session.goto_place("backward t=3 s")
        await pilot.pause()
        assert pilot.app.screen.has_class("-with-circuit")
        await pilot.press("b")
        await pilot.pause()
        assert pilot.app.screen.has_class("-with-circuit") and pilot.app.screen.shows_pins
        await pilot.press("c")
        await pilot.pause()
        shown = text(pilot.app)
        assert "no breakpoint is ahead" in shown
        row = next(line for line in shown.splitlines() if "● 1 ∇s t=3" in line)
        assert "no breakpoint" not in row


async def test_ctrl_c_says_what_leaves_and_leaves_at_the_second_time(app):
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert "ctrl+c again leaves" in text(app)
        assert app.return_code is None
        await pilot.press("ctrl+c")
        await pilot.pause()
        assert app.return_code == 0
