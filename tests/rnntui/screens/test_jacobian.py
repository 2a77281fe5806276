"""The Jacobian lens on the screen: the map, its stretch, the running product, its keys."""

import sys

import pytest

from rnntui.app import DebuggerApp
from rnntui.explain.state_maps import Shortcut, shortcuts_of
from rnntui.screens.debugger import Debugger
from rnntui.screens.strips import text
from rnntui.widgets.jacobian_painter import chosen

TWO = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-2] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]) + F @ r2[t-1])
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""


async def shown(pilot):
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    return text(pilot.app)


async def opened(pilot, *keys):
    await pilot.pause()
    await pilot.press("J", *keys)
    return await shown(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 55)])
async def test_the_lens_at_every_size(sessions, snapshot, size):
    session = sessions(TWO, hidden=3)
    session.goto_place("backward t=4 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        assert await opened(pilot) == snapshot


async def test_a_large_state_is_a_thumbnail(sessions, snapshot):
    session = sessions(TWO, hidden=30, text="hello hell" * 12)
    session.goto_place("backward t=40 mem")
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        assert await opened(pilot) == snapshot


def test_of_the_shortcuts_without_room_the_smallest_are_left_out_and_counted():
    some = [Shortcut(name, radius, 1.0) for name, radius in (("A", 0.9), ("B", 0.3), ("C", 0.6), ("D", 1.5))]
    assert chosen(some, 4) == (some, 0)
    assert chosen(some, 3) == ([some[0], some[3]], 2)
    assert chosen(some, 2) == ([some[0]], 3)


async def test_the_largest_shortcut_of_four_is_there(sessions):
    gates = "".join(f"g{n}[t] = sigmoid(A{n} @ x[t] + B{n} @ mem[t-1] + b{n})\n" for n in range(3))
    cell = gates + "mem[t] = g0[t] * mem[t-1] + g1[t] * tanh(C @ x[t] + D @ (g2[t] * mem[t-1]))"
    for size, ours in (((120, 36), 4), ((80, 24), 1)):
        session = sessions(cell, hidden=4)
        async with DebuggerApp(session).run_test(size=size) as pilot:
            screen = await opened(pilot)
            maps = shortcuts_of(session.run)
            assert len(maps) == 4 and screen.count("ρ(") >= ours
            assert f"ρ({maps[0].name})" in screen
            assert all(f"ρ({one.name})" in screen for one in maps) or "smaller ρ" in screen


async def test_moving_along_time_and_back_is_exact(sessions):
    async with DebuggerApp(sessions(TWO)).run_test(size=(120, 36)) as pilot:
        before = await opened(pilot, "home")
        assert "∂state(1)/∂state(0)" in before
        later = await opened(pilot, "J", "home", "l", "l")
        assert "∂state(3)/∂state(2)" in later and later != before
        await pilot.press("h", "h", "h")
        assert await shown(pilot) == before
        await pilot.press("end")
        assert "∂state(9)/∂state(8)" in await shown(pilot)


async def test_enter_puts_the_debugger_where_the_gradient_passes(sessions):
    session = sessions(TWO)
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await opened(pilot, "home", "l", "l", "l", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Debugger)
        assert (session.phase, session.t) == ("backward", 3)


async def test_a_cell_without_a_state_says_so(sessions):
    async with DebuggerApp(sessions("v[t] = tanh(A @ x[t])")).run_test(size=(80, 24)) as pilot:
        assert "nothing is carried" in await opened(pilot, "l", "h")


async def test_what_would_take_too_much_memory_is_said(sessions, monkeypatch):
    monkeypatch.setattr(sys.modules["bptt.diagnostics.jacobians"], "LARGEST", 100)
    async with DebuggerApp(sessions(TWO)).run_test(size=(80, 24)) as pilot:
        assert "would take" in await opened(pilot, "l")


@pytest.mark.parametrize(("hidden", "size"), [(2, (200, 55)), (3, (80, 24)), (30, (120, 36))])
async def test_the_best_and_the_worst_direction_are_there_at_every_size_and_none_twice(sessions, hidden, size):
    session = sessions(TWO, hidden=hidden)
    async with DebuggerApp(session).run_test(size=size) as pilot:
        found = [word for word in (await opened(pilot)).split() if word.startswith("σ")]
    assert found[0] == "σ1" and found[-1] == f"σ{3 * hidden}"
    assert len(set(found)) == len(found)


async def test_a_click_on_a_bar_of_the_curve_goes_to_its_step(sessions):
    async with DebuggerApp(sessions(TWO)).run_test(size=(80, 24)) as pilot:
        rows = (await opened(pilot)).splitlines()
        y = next(n for n, row in enumerate(rows) if row.startswith(" t "))
        for row in (y, y - 1):
            for t in (7, 2):
                await pilot.click("#jacobian", offset=(rows[y].index(str(t)), row - 1))
                assert f"∂state({t})/∂state({t - 1})" in await shown(pilot)
