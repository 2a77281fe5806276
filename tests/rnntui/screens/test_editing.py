"""What-ifs on the screen: a value typed in its place, marked, listed, compared with the original and taken back."""

import numpy as np
import pytest

from rnntui.app import DebuggerApp
from rnntui.frame import Slot
from rnntui.screens.debugger import Debugger
from rnntui.screens.strips import strips, text

SIZES = [(80, 24), (120, 36)]


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


def typed(line):
    return ["space" if letter == " " else letter for letter in line]


@pytest.mark.parametrize("size", SIZES)
async def test_a_value_is_edited_in_its_place_and_taken_back(session, size):
    session.goto_place("forward t=4 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        before = strips(pilot.app) if await settled(pilot) else []
        await pilot.press("j", "i")
        assert "mem[4][1], now" in await settled(pilot)
        await pilot.press(*typed("0.75"), "enter")
        assert session.run.read("mem", 4)[0, 1] == 0.75
        assert [str(edit) for edit in session.whatif.edits] == ["mem[4][1] = 0.75"]
        if size == (120, 36):
            shown = await settled(pilot)
            assert "= +.75" in shown and "= mem[4][1] = 0.75" in shown
            assert "mem[1] at t=4 is held at 0.75 by an edit." in shown
        await pilot.press("u", "k")
        assert session.whatif.edits == ()
        pilot.app.screen.query_one("#notice").hush()
        await settled(pilot)
        assert strips(pilot.app) == before


async def test_the_edited_run_stands_beside_the_original(session):
    session.goto_place("end")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        session.look_at(Slot("mem", 3), 0)
        was = session.frame().vector(Slot("mem", 3))[0]
        await pilot.press("i", "1", "enter")
        shown = await settled(pilot)
        assert f"mem[3][0] {was:.4f}".replace("-", "−") in shown and "→ 1" in shown
        assert "loss " in shown


async def test_a_clamp_holds_at_every_time(session):
    session.goto_place("forward t=4 q")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("I", "1", "enter")
        assert np.all(session.run.times("q")[:, 0, 0] == 1)
        assert "q[t][0] = 1" in await settled(pilot)


async def test_of_a_gradient_the_value_is_edited(session):
    session.goto_place("backward t=5 mem")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("i", "2", "enter")
        assert session.run.read("mem", 5)[0, 0] == 2
        assert (session.phase, session.t) == ("backward", 5)


async def test_a_click_on_a_parameter_edits_it(session):
    session.goto_place("forward t=4 q")
    async with DebuggerApp(session).run_test(size=(160, 45)) as pilot:
        await pilot.press("5")
        await settled(pilot)
        pane = pilot.app.screen.query_one("#params")
        block = next(block for block in pane._blocks if block.name == "B")
        await pilot.click("#params", offset=(block.x + block.tile, block.y + 2))
        assert "B[2][1], now" in await settled(pilot)
        await pilot.press(*typed("1.5"), "enter")
        assert session.run.model.parameters["B"][2, 1] == 1.5


async def test_a_whole_edit_can_be_typed_and_what_is_wrong_is_said(session):
    session.goto_place("forward t=4 q")
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("i", *typed("B[9][9] = 1"), "enter")
        assert "B[9][9]" in await settled(pilot) and not isinstance(pilot.app.screen, Debugger)
        await pilot.press(*["backspace"] * 11, *typed("x"), "enter")
        assert "'x' in 'q[4][0] = x' is not" in await settled(pilot)
        await pilot.press("backspace", *typed("d[0] = 2"), "enter")
        assert isinstance(pilot.app.screen, Debugger)
        assert session.run.model.parameters["d"][0] == 2
        await pilot.press("colon", *typed("undo"), "enter", "u")
        assert session.whatif.edits == () and "nothing is edited" in await settled(pilot)


async def test_nothing_is_edited_while_something_is_hidden(session):
    session.goto_place("forward t=4 mem")
    number = float(session.frame().vector(Slot("mem", 4))[0])
    session.hide([Slot("mem", 4)])
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("i")
        assert f"{number:.3f}".lstrip("-") not in await settled(pilot)
        await pilot.press("1", "enter")
        assert "a question is open" in await settled(pilot) and session.whatif.edits == ()
