"""The mouse over the Score is told in the top line; a click on that line goes to the start of a pass or a timestep."""

import pytest

from rnntui.frame import Slot
from rnntui.screens.strips import strips, text
from rnntui.widgets.crumb import Crumb
from rnntui.widgets.score import Score


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    await pilot.pause()
    return pilot.app


def place_of(app, slot, unit=0):
    """A cell of the Score that shows this unit."""
    score = app.screen.query_one(Score)
    layout = score._layout(score.view)
    x = layout.columns.x(layout.columns.of(slot.t)) + unit * (slot.name == "q")
    return next((x, y) for y in range(score.size.height) if layout.hit(x, y) == (slot.t, slot, unit))


async def top(pilot, slot, unit=0):
    await pilot.hover(Score, place_of(pilot.app, slot, unit))
    return strips(await settled(pilot))[0].text


async def test_the_component_under_the_mouse_is_named_with_its_number_and_its_step(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(160, 45)) as pilot:
        await settled(pilot)
        value, step = session.run.read("mem", 3)[0, 2], session.run.schedule.written("mem", 3) + 1
        assert f"mem₃[2] = {value:.4g} · step {step}".replace("-", "−") in await top(pilot, Slot("mem", 3), 2)
        value = session.run.read("q", 2)[0, 1]
        assert f"q₂[1] = {value:.4g} · step " in await top(pilot, Slot("q", 2), 1)
        assert "∇mem₃[1] is not computed yet · step " in await top(pilot, Slot("mem", 3, True), 1)


async def test_a_bar_of_the_skyline_is_a_norm(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        score = app.screen.query_one(Score)
        layout = score._layout(score.view)
        band = next(band for band in layout.bands if band.track.kind == "skyline")
        await pilot.hover(Score, (layout.columns.x(6), band.top))
        assert "‖∇mem₇‖ = " in strips(await settled(pilot))[0].text


async def test_what_is_hidden_is_not_told(app, session):
    session.goto_place("backward t=5 mem")
    session.hide([Slot("mem", 3)])
    async with app.run_test(size=(160, 45)) as pilot:
        await settled(pilot)
        assert "mem₃[2] is hidden until you predict it" in await top(pilot, Slot("mem", 3), 2)


async def test_the_line_is_as_before_when_the_mouse_leaves_or_a_step_is_taken(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(160, 45)) as pilot:
        before = strips(await settled(pilot))
        await top(pilot, Slot("mem", 3), 2)
        await pilot.press("right", "left")
        assert strips(await settled(pilot)) == before
        await top(pilot, Slot("mem", 3), 1)
        await pilot.hover("#equation", (3, 3))
        assert strips(await settled(pilot)) == before


@pytest.mark.parametrize(
    ("place", "clicked", "found"),
    [
        ("backward t=5 mem", "t=5", ("backward", 5, "L")),
        ("backward t=5 mem", "backward", ("backward", 9, "L")),
        ("forward t=4 mem", "t=4", ("forward", 4, "q")),
        ("forward t=4 mem", "forward", ("forward", 1, "q")),
    ],
)
async def test_a_click_on_the_line_goes_to_the_start_of_that_scope(app, session, place, clicked, found):
    session.goto_place(place)
    async with app.run_test(size=(120, 36)) as pilot:
        row = strips(await settled(pilot))[0].text
        await pilot.click(Crumb, (row.index(clicked) + 1, 0))
        await settled(pilot)
        assert (session.phase, session.t, session.current.target) == found
        assert "START" not in text(pilot.app)
