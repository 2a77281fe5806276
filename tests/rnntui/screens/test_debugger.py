"""The debugger, driven by keys and mouse, on a cell that nobody here built in."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.frame import Slot
from rnntui.screens.debugger import Debugger
from rnntui.screens.keys import KEYS
from rnntui.screens.strips import strips, text

SIZES = [(80, 24), (120, 36)]
PLACES = ["start", "forward t=4 r2", "forward t=4 mem", "backward t=5 mem", "backward t=5 B", "end"]


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return pilot.app


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("place", PLACES)
async def test_the_screen_at_a_place(app, session, snapshot, size, place):
    session.goto_place(place)
    async with app.run_test(size=size) as pilot:
        assert text(await settled(pilot)) == snapshot


@pytest.mark.parametrize("size", SIZES)
async def test_steps_forward_and_as_many_back_leave_every_cell_as_it_was(app, session, size):
    async with app.run_test(size=size) as pilot:
        for start in (0, 47):
            session.goto(start)
            before = strips(await settled(pilot))
            await pilot.press(*["right"] * 9)
            assert session.position == start + 9
            assert strips(await settled(pilot)) != before
            await pilot.press(*["left"] * 9)
            assert session.position == start
            assert strips(await settled(pilot)) == before


@pytest.mark.parametrize("size", SIZES)
async def test_every_key_can_be_pressed_anywhere_and_what_it_opens_is_left_by_escape(app, session, size):
    async with app.run_test(size=size) as pilot:
        for key in KEYS:
            for name in key.keys if key.id != "quit" else ():
                session.goto_place("backward t=3 mem")
                await pilot.press(name)
                if not isinstance(app.screen, Debugger):
                    await pilot.press("escape")
                assert isinstance(app.screen, Debugger), key


@pytest.mark.parametrize(
    ("key", "start", "expected"),
    [
        ("right", "start", 1),
        ("left", "forward t=1 r2", 1),
        ("n", "start", 6),
        ("n", "forward t=2 q", 12),
        ("N", "forward t=2 r2", 6),
        ("f", "start", 54),
        ("F", "backward t=9 mem", 54),
        ("home", "forward t=5 q", 0),
        ("full_stop", "start", 1),
    ],
)
async def test_where_a_key_leads(app, session, key, start, expected):
    session.goto_place(start)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(key)
        assert session.position == expected


async def test_the_lens_moves_and_returns(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("l", "j", "j")
        assert (session.lens.slot, session.lens.unit) == (Slot("mem", 6, True), 2)
        assert "looking away" in text(await settled(pilot))
        await pilot.press("0")
        assert session.lens.following
        assert "∇mem₅[2]" in text(await settled(pilot))


async def test_a_click_on_a_cell_looks_there_and_on_a_head_goes_there(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(120, 36)) as pilot:
        screen = text(await settled(pilot)).split("\n")
        row = next(number for number, line in enumerate(screen) if line.startswith(" mem"))
        column = screen[1].index(" 3 ") + 1
        await pilot.click("#score", offset=(column, row - 1))
        assert (session.lens.slot, session.lens.unit) == (Slot("mem", 3), 0)
        await pilot.click("#score", offset=(column, 0))
        assert session.t == 3 and session.phase == "backward"


async def test_the_scrub_bar_is_clicked_and_dragged(app, session):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click("#scrub", offset=(78, 0))
        assert session.position == session.total
        await pilot.mouse_down("#scrub", offset=(40, 0))
        await pilot.hover("#scrub", offset=(1, 0))
        await pilot.mouse_up("#scrub", offset=(1, 0))
        assert session.position == 0


async def test_a_click_on_the_key_bar_does_what_the_key_does(app, session):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.click("#keys", offset=(3, 0))
        assert session.position == 1


async def test_the_dialog_goes_to_a_place_or_says_why_not(app, session):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", *"b4", "enter")
        assert (session.phase, session.t) == ("backward", 4)
        await pilot.press("g", *"b99", "enter")
        assert "t=99 does not exist" in text(await settled(pilot))
        await pilot.press("escape")
        assert (session.phase, session.t) == ("backward", 4)


@pytest.mark.parametrize("size", SIZES)
async def test_the_help_names_every_key_and_fits(app, size):
    async with app.run_test(size=size) as pilot:
        await pilot.press("question_mark")
        shown = text(await settled(pilot))
        assert "the next equation" in shown
        assert all(len(line) <= size[0] for line in shown.split("\n"))
        await pilot.press("escape")
        assert isinstance(app.screen, Debugger)


async def test_light_and_dark_are_two_looks_of_one_screen(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(120, 36)) as pilot:
        dark = strips(await settled(pilot))
        await pilot.press("t")
        light = strips(await settled(pilot))
        same = [a.text == b.text for a, b in zip(dark, light, strict=True)]
        assert all(same)
        assert dark != light
        await pilot.press("t")
        assert strips(await settled(pilot)) == dark


async def test_a_screen_that_is_too_small_says_what_it_needs_and_comes_back(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(80, 24)) as pilot:
        before = text(await settled(pilot))
        await pilot.resize_terminal(40, 10)
        shown = text(await settled(pilot))
        assert "rnntui needs 60×20" in shown and "∇mem" not in shown
        await pilot.resize_terminal(80, 24)
        assert text(await settled(pilot)) == before


async def test_names_from_outside_are_shown_as_typed(session):
    session.title = "dh[t] [/b] [@click=app.quit]x[/]"
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        assert "dh[t] [/b] [@click=app." in text(await settled(pilot))


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_that_overflows_can_be_walked_and_its_first_infinity_found(sessions, size):
    grows = sessions("v[t] = 1e200 * v[t-1] + U @ x[t]", text="abcabcabc", name="grows")
    async with DebuggerApp(grows).run_test(size=size) as pilot:
        await pilot.press("exclamation_mark")
        assert (grows.phase, grows.t) == ("forward", 3)
        assert "first inf: step" in text(await settled(pilot))
        for key in ("right", "right", "right", "f", "n", "right", "right", "right", "end"):
            await pilot.press(key)


async def test_the_sequences_of_a_batch_are_shown_one_at_a_time(sessions):
    batch = sessions(batch=3)
    async with DebuggerApp(batch).run_test(size=(120, 36)) as pilot:
        first = text(await settled(pilot))
        assert "seq 1/3" in first
        await pilot.press("right_square_bracket")
        second = text(await settled(pilot))
        assert "seq 2/3" in second and second != first
        await pilot.press("left_square_bracket")
        assert text(await settled(pilot)) == first
