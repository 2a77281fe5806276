"""Why a value is so, walked through on the screen."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.frame import Slot
from rnntui.screens.debugger import Debugger
from rnntui.screens.strips import strips, text
from rnntui.screens.why import Why

SIZES = [(80, 24), (120, 36)]


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_a_gradient_has_its_terms_and_its_road(session, snapshot, size):
    session.goto_place("backward t=5 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("j", "y")
        assert await settled(pilot) == snapshot


@pytest.mark.parametrize("size", SIZES)
async def test_one_walks_back_to_what_made_it_and_returns_to_the_same_screen(session, size):
    session.goto_place("backward t=5 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("j", "j")
        before = strips(pilot.app) if await settled(pilot) else []
        await pilot.press("y", "enter")
        assert "why ∇" in await settled(pilot) and "← ∇mem[5][2]" in await settled(pilot)
        assert not session.lens.following
        await pilot.press("down", "right", "left", "left")
        assert "why ∇mem[5][2]" in await settled(pilot)
        await pilot.press("escape")
        assert session.lens.following and session.lens.unit == 2
        await settled(pilot)
        assert strips(pilot.app) == before


async def test_the_reasons_end_where_nothing_made_a_value(session):
    session.goto_place("forward t=1 mem")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("y", *["enter"] * 6)
        assert "here the reasons end" in await settled(pilot)
        assert isinstance(pilot.app.screen, Why)


async def test_g_goes_to_the_step_that_made_it(session):
    session.goto_place("backward t=3 mem")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        session.look_at(Slot("mem", 6), 1)
        await pilot.press("y", "g")
        assert isinstance(pilot.app.screen, Debugger)
        assert (session.phase, session.t, session.current.target) == ("forward", 6, "mem")
        assert session.lens.unit == 1


async def test_the_road_leads_to_a_time(session):
    session.goto_place("backward t=1 mem")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("y", "end", "enter")
        assert "why ∇mem[1]" in await settled(pilot)


async def test_no_reason_is_given_while_something_is_hidden_or_not_computed(session):
    session.goto_place("forward t=4 mem")
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        session.look_at(Slot("mem", 7), 0)
        await pilot.press("y")
        assert "not computed yet" in await settled(pilot)
        session.look_at(Slot("mem", 2), 0)
        session.hide([Slot("mem", 4)])
        await pilot.press("y")
        assert "a question is open" in await settled(pilot)
        assert isinstance(pilot.app.screen, Debugger)


async def test_what_is_not_finite_has_reasons_too(sessions):
    grows = sessions("v[t] = 1e200 * v[t-1] + U @ x[t]", text="abcabcabc", name="grows")
    grows.goto_place("end")
    async with DebuggerApp(grows).run_test(size=(120, 36)) as pilot:
        for slot in (Slot("v", 4), Slot("v", 3, True), Slot("v", 8, True)):
            grows.look_at(slot, 0)
            await pilot.press("y", "enter", "enter", "end", "enter", "escape")
        assert isinstance(pilot.app.screen, Debugger)
