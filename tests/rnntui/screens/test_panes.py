"""How the columns and rows beside the Score are shared out: a short run leaves its columns to the panes."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.screens.strips import text

PLAIN = "pre[t] = b + W @ mem[t-1] + U @ x[t]\nmem[t] = tanh(pre[t])\n"


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


def width(pilot, part):
    return pilot.app.screen.query_one(part).size.width


@pytest.mark.parametrize(
    ("size", "letters", "panes"),
    [
        ((120, 36), "hello hell", 49),  # the Score takes what it can
        ((120, 36), "hell", 71),  # three fifths at most
        ((120, 36), "hello!", 63),
        ((160, 45), "hello hell", 66),
        ((200, 55), "hello hell", 103),
        ((200, 55), "hell", 109),
        ((80, 24), "hell", 80),
    ],
)
async def test_columns_that_the_score_has_no_use_for_are_the_panes(sessions, size, letters, panes):
    session = sessions(text=letters)
    session.goto_place("backward t=2 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await settled(pilot)
        assert width(pilot, "#panes") == panes


async def test_wider_columns_take_them_back(sessions):
    async with DebuggerApp(sessions(text="hello!")).run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        before = width(pilot, "#panes")
        await pilot.press("plus")
        await settled(pilot)
        assert width(pilot, "#panes") == before - 10  # five times 12 columns, not 10
        await pilot.press("equals_sign")
        await settled(pilot)
        assert width(pilot, "#panes") == before


async def test_one_part_alone_and_the_projector_have_all_columns(sessions):
    async with DebuggerApp(sessions(text="hello!")).run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("z")
        await settled(pilot)
        assert width(pilot, "#score") == 120
        await pilot.press("z")
        await settled(pilot)
        assert width(pilot, "#panes") == 120
        await pilot.press("z", "P")
        await settled(pilot)
        assert width(pilot, "#score") == width(pilot, "#panes") == 120


async def test_where_not_both_have_room_all_parameters_go_before_the_circuit_and_some_do_not(sessions):
    plain = sessions(PLAIN, text="hellohell")
    plain.goto_place("backward t=5 mem")
    async with DebuggerApp(plain).run_test(size=(160, 45)) as pilot:
        before = await settled(pilot)
        assert "shared by every t" in before and "gradients ◀" not in before
        await pilot.press("3")
        asked = await settled(pilot)
        assert "shared by every t" not in asked and "gradients ◀" in asked
        await pilot.press("3")
        assert await settled(pilot) == before
    gated = sessions("lstm")
    async with DebuggerApp(gated).run_test(size=(160, 45)) as pilot:
        shown = await settled(pilot)
        assert "shared by every t" not in shown and "values ▶" in shown
    async with DebuggerApp(plain).run_test(size=(160, 50)) as pilot:
        shown = await settled(pilot)
        assert "shared by every t" in shown and "gradients ◀" in shown
