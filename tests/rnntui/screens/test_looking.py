"""How the run is looked at: zoom, views, x-ray, larger parts; nothing of it moves the run."""

import pytest
from textual import events

from rnntui.app import DebuggerApp
from rnntui.frame import Slot
from rnntui.reports.step_text import said
from rnntui.screens.strips import strips, text
from rnntui.widgets.score import Score
from rnntui.widgets.score_tiles import number_text

LONG = "hello hell " * 9


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return pilot.app


def columns_of(app):
    score = app.screen.query_one(Score)
    return score._layout(score.view).columns


def turned(app, kind, ctrl=False):
    """The wheel turned over the Score."""
    score = app.screen.query_one(Score)
    score.post_message(kind(score, 20, 3, 0, 0, 0, False, False, ctrl, 20, 3))


async def test_plus_makes_columns_wider_minus_narrower_and_equals_fits_the_run(sessions):
    app = DebuggerApp(sessions(text=LONG))
    async with app.run_test(size=(120, 36)) as pilot:
        fitted = strips(await settled(pilot))
        assert columns_of(app).joined
        widths = []
        for _ in range(4):
            await pilot.press("plus")
            await settled(pilot)
            widths.append(columns_of(app).pitch)
        assert widths == [1, 2, 3, 5] and not columns_of(app).joined
        await pilot.press("minus")
        await settled(pilot)
        assert columns_of(app).pitch == 3
        await pilot.press("equals_sign")
        assert strips(await settled(pilot)) == fitted


async def test_zooming_starts_from_what_is_shown(app):
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        shown = columns_of(app).pitch
        await pilot.press("minus")
        await settled(pilot)
        assert 0 < columns_of(app).pitch < shown


async def test_the_wheel_moves_along_time_and_zooms_with_ctrl(sessions):
    app = DebuggerApp(sessions(text=LONG))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(*["plus"] * 6)
        await settled(pilot)
        assert columns_of(app).starts[0] == 1
        turned(app, events.MouseScrollDown)
        await settled(pilot)
        panned = columns_of(app).starts[0]
        assert panned > 1
        turned(app, events.MouseScrollUp)
        await settled(pilot)
        assert columns_of(app).starts[0] == 1
        wide = columns_of(app).pitch
        turned(app, events.MouseScrollUp, ctrl=True)
        await settled(pilot)
        assert columns_of(app).pitch > wide


async def test_the_score_follows_the_cursor_out_of_what_was_panned_to(sessions):
    long = sessions(text=LONG)
    app = DebuggerApp(long)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press(*["plus"] * 6)
        for _ in range(60):
            turned(app, events.MouseScrollDown)
            await pilot.pause()
        await settled(pilot)
        assert columns_of(app).of(1) is None and columns_of(app).of(long.run.T) is not None
        await pilot.press("right")
        await settled(pilot)
        assert columns_of(app).of(1) is not None


async def test_the_view_goes_through_both_values_and_gradients(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(120, 36)) as pilot:
        both = strips(await settled(pilot))
        await pilot.press("v")
        values = text(await settled(pilot))
        await pilot.press("v")
        gradients = text(await settled(pilot))
        await pilot.press("v")
        assert strips(await settled(pilot)) == both
    left = [row[:60] for row in values.splitlines()[1:-3]]
    assert not any("∇" in row for row in left) and any(row.startswith(" r2") for row in left)
    left = [row[:60] for row in gradients.splitlines()[1:-3]]
    assert any("‖∇mem‖" in row for row in left) and not any(row.startswith(" r2") for row in left)


async def test_the_x_ray_shows_what_is_to_come_in_faint_italics(app, session):
    async with app.run_test(size=(120, 36)) as pilot:
        session.goto_place("forward t=4 mem")
        before = strips(await settled(pilot))
        number = number_text(float(session.run.read("mem", 7)[0, 0]), columns_of(app).number, "value")
        assert number not in "\n".join(strip.text for strip in before)
        await pilot.press("x")
        shown = [segment for strip in strips(await settled(pilot)) for segment in strip if number in segment.text]
        assert shown and all(segment.style.italic for segment in shown)
        await pilot.press("x")
        assert strips(await settled(pilot)) == before


async def test_the_x_ray_shows_nothing_while_something_is_hidden(app, session):
    async with app.run_test(size=(120, 36)) as pilot:
        session.goto_place("forward t=4 mem")
        session.hide([Slot("mem", 4)])
        before = strips(await settled(pilot))
        await pilot.press("x")
        assert strips(await settled(pilot)) == before


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_z_shows_the_score_alone_the_panes_alone_and_both(app, session, size):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=size) as pilot:
        both = strips(await settled(pilot))
        await pilot.press("z")
        alone = text(await settled(pilot))
        await pilot.press("z")
        panes = text(await settled(pilot))
        await pilot.press("z")
        assert strips(await settled(pilot)) == both
    assert "‖∇mem‖" in alone and "next →" not in alone
    assert "‖∇mem‖" not in panes and "next →" in panes


async def test_the_parameters_have_a_place_of_their_own_on_a_large_screen(app, session):
    session.goto_place("backward t=5 B")
    async with app.run_test(size=(160, 55)) as pilot:
        shown = text(await settled(pilot))
        assert "parameters" in shown and "∇B Σ of 5/9" in shown and "next →" in shown


@pytest.mark.parametrize("size", [(80, 24), (80, 36), (120, 36)])
async def test_5_shows_the_parameters_and_hides_them_again(app, session, size):
    session.goto_place("backward t=5 B")
    async with app.run_test(size=size) as pilot:
        before = strips(await settled(pilot))
        await pilot.press("5")
        shown = text(await settled(pilot))
        assert " parameters" in shown and "∇B" in shown
        assert ("∇B +=" in shown) == (size[0] > 80)  # in a narrow screen they take the place of the equation
        await pilot.press("5")
        assert strips(await settled(pilot)) == before


async def test_the_drawer_shows_one_pane_at_a_time(app, session):
    session.goto_place("backward t=5 B")
    async with app.run_test(size=(80, 24)) as pilot:
        equation = strips(await settled(pilot))
        await pilot.press("5", "1")
        assert strips(await settled(pilot)) == equation


async def test_m_writes_equations_in_another_notation_and_comes_back(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(160, 45)) as pilot:
        first = strips(await settled(pilot))
        shown = []
        for _ in range(4):
            await pilot.press("m")
            shown.append(text(await settled(pilot)))
        await pilot.press("m")
        assert strips(await settled(pilot)) == first
    book, leibniz, torch, source = shown
    assert "∇mem⁽⁵⁾ = " in book and "next → ∇r2⁽⁵⁾" in book and "t=5 › ∇mem " in book
    assert "∂L/∂mem₅ = " in leibniz and "t=5 › ∂L/∂mem " in leibniz
    assert "mem₅.grad = " in torch and "Whz" not in torch and "next → r2₅.grad" in torch
    assert "dmem[5] = " in source and "dmem[6]" in source


async def test_s_lays_no_sentence_over_the_pane_that_has_it(app, session):
    session.goto_place("forward t=4 mem")
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        for depth in range(4):
            shown = " ".join(text(await settled(pilot)).split())
            await pilot.press("s")
            again = " ".join(text(await settled(pilot)).split())
            sentence = " ".join(said(session.frame()).split())
            assert ("the equation pane says it" in again) is (sentence in shown), depth
            await pilot.press("escape", "e")


async def test_s_says_the_step_in_plain_words_and_keeps_secrets(app, session):
    session.goto_place("forward t=4 mem")
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        await pilot.press("s")
        assert "at t=4" in text(await settled(pilot))
        session.hide([Slot("mem", 4)])
        number = f"{session.run.read('mem', 4)[0, 0]:+.2f}".replace("0.", ".")
        await pilot.press("s")
        assert number not in text(await settled(pilot))
