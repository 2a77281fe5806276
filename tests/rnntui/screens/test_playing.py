"""The run plays until the end or a key, and runs to what the lens is on."""

import pytest

from rnntui.frame import Slot


async def ticks(pilot, count=3):
    """So many beats of the clock, without waiting for them."""
    for _ in range(count):
        pilot.app.screen._tick()
        await pilot.pause()


async def test_space_plays_and_stops(app, session):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space")
        assert app.screen.is_playing and session.position >= 1
        at = session.position
        await ticks(pilot)
        assert session.position >= at + 3
        await pilot.press("space")
        assert not app.screen.is_playing


@pytest.mark.parametrize("key", ["right", "l", "v", "escape"])
async def test_any_key_stops_it(app, session, key):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", key)
        assert not app.screen.is_playing


async def test_it_stops_at_the_end(app, session):
    session.goto(session.total - 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space")
        await ticks(pilot)
        assert session.position == session.total and not app.screen.is_playing
        await pilot.press("space")
        assert not app.screen.is_playing


async def test_the_run_goes_to_what_the_lens_is_on_and_then_to_its_gradient(app, session):
    async with app.run_test(size=(80, 24)) as pilot:
        session.look_at(Slot("mem", 4), 2)
        await pilot.press("r")
        assert (session.phase, session.t, session.current.target) == ("forward", 4, "mem")
        assert session.lens.following and session.lens.unit == 2
        session.look_at(Slot("mem", 4), 2)
        await pilot.press("R")
        assert (session.phase, session.t, session.current.target) == ("backward", 4, "mem")


async def test_nothing_computes_an_input(app, session):
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        session.look_at(Slot("x", 4), 0)
        await pilot.press("r")
        assert session.position == 0
