"""The circuit on the screen: below the equation where there is room, else by its key."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.screens.strips import text


async def shown(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


@pytest.mark.parametrize(
    ("size", "there"), [((80, 24), False), ((80, 50), False), ((120, 36), True), ((200, 55), True)]
)
async def test_where_the_circuit_is_shown_by_itself(app, session, size, there):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=size) as pilot:
        assert ("gradients ◀ backward" in await shown(pilot)) is there


async def test_its_key_shows_it_in_the_drawer_and_puts_it_away(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(80, 24)) as pilot:
        before = await shown(pilot)
        await pilot.press("3")
        there = await shown(pilot)
        assert "∇mem₄ ━" in there and "on mem₄" in there
        assert len(there.rstrip("\n").split("\n")) == 24
        await pilot.press("right", "left")
        assert await shown(pilot) == there
        await pilot.press("3")
        assert await shown(pilot) == before
        await pilot.press("3", "1")
        assert await shown(pilot) == before


async def test_a_cell_without_recurrence_says_so(sessions):
    session = sessions("v[t] = tanh(A @ x[t])\n")
    async with DebuggerApp(session).run_test(size=(120, 36), notifications=True) as pilot:
        assert "values ▶" not in await shown(pilot)
        await pilot.press("3")
        assert "nothing recurs" in await shown(pilot)
