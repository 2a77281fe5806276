"""The training screen: what it shows, how it is moved, opened, left and stopped, and a training that blows up."""

from collections import Counter

import pytest

from rnntui.app import DebuggerApp
from rnntui.screens.debugger import Debugger
from rnntui.screens.strips import strips, text
from rnntui.screens.training import TrainingScreen
from rnntui.screens.training_keys import BAR, TRAINING_KEYS
from rnntui.training.plan import Plan

SIZES = [(80, 24), (120, 36)]


async def trained(pilot):
    """Wait until everything is computed and shown."""
    await pilot.app.workers.wait_for_complete()
    pilot.app.screen._tick()
    await pilot.pause()
    await pilot.pause()
    return pilot.app


@pytest.fixture
def training(session):
    """A session with a training of which nothing is computed."""
    session.train(Plan(iterations=40, optimizer="momentum:0.9", rate="0.05", clip="norm:2", l2=0.001))
    return session


@pytest.mark.parametrize("size", SIZES)
async def test_the_screen_of_a_training(training, snapshot, size):
    async with DebuggerApp(training).run_test(size=size) as pilot:
        await trained(pilot)
        await pilot.press("home", "right", "right", "right", "j", "j")
        assert text(await trained(pilot)) == snapshot


@pytest.mark.parametrize("size", SIZES)
async def test_the_crosshair_moves_and_comes_back(training, size):
    async with DebuggerApp(training).run_test(size=size) as pilot:
        await trained(pilot)
        await pilot.press("home")
        before = strips(await trained(pilot))
        await pilot.press("right", "l", "right_square_bracket", "j")
        assert (training.practice.iteration, training.practice.row) == (13, 1)
        assert "13" in text(await trained(pilot))
        await pilot.press("left", "h", "left_square_bracket", "k")
        assert strips(await trained(pilot)) == before
        await pilot.press("end", "right")
        assert training.practice.iteration == 40
        await pilot.press("home", "left")
        assert training.practice.iteration == 1


async def test_what_is_done_cannot_be_paused_and_the_keys_do_not_say_so(training):
    async with DebuggerApp(training).run_test(size=(120, 36)) as pilot:
        await trained(pilot)
        assert training.practice.is_done and "spc pause" not in text(pilot.app)
        training.train(Plan(iterations=1_000_000))
        pilot.app.screen.draw()
        await pilot.pause()
        assert "spc pause" in text(pilot.app)


async def test_a_click_looks_at_an_iteration_and_at_a_row(training):
    async with DebuggerApp(training).run_test(size=(120, 36)) as pilot:
        await trained(pilot)
        await pilot.click("#chart", offset=(7 + 62, 4))
        assert training.practice.iteration == 40
        screen = text(pilot.app).split("\n")
        row = next(y for y, line in enumerate(screen) if line.startswith(" ‖∇mem‖ at each time")) + 3
        await pilot.click("#chart", offset=(7, row - 1))
        assert (training.practice.iteration, training.practice.row) == (1, 2)
        await pilot.click("#training-bar", offset=(118, 0))
        assert training.practice.iteration == 40


@pytest.mark.parametrize("size", SIZES)
async def test_enter_steps_the_iteration_and_the_training_keeps_its_place(training, size):
    async with DebuggerApp(training).run_test(size=size) as pilot:
        await trained(pilot)
        await pilot.press("home", "right")
        before = strips(await trained(pilot))
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(pilot.app.screen, Debugger)
        assert training.run.model == training.practice.training.model_after(1)
        await pilot.press("f", "right")
        assert training.phase == "backward"
        await pilot.press("T")
        assert isinstance(pilot.app.screen, TrainingScreen)
        assert strips(await trained(pilot)) == before


async def test_a_training_that_is_stopped_leaves_everything_usable(sessions):
    session = sessions(hidden=16)
    session.train(Plan(iterations=1_000_000))
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.pause(0.2)
        await pilot.press("space")
        await pilot.app.workers.wait_for_complete()
        paused = session.practice.done
        assert 0 < paused < 1_000_000 and "PAUSED" in text(pilot.app)
        await pilot.press("end")
        assert session.practice.iteration == paused
        await pilot.press("space")
        await pilot.pause(0.2)
        assert session.practice.done > paused
        await pilot.press("escape")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(pilot.app.screen, TrainingScreen) and "STOPPED" in text(pilot.app)
        stopped = session.practice.done
        assert session.practice.target == stopped
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(pilot.app.screen, Debugger) and session.practice.done == stopped
        await pilot.press("T", "escape")
        assert isinstance(pilot.app.screen, Debugger)


async def test_a_training_that_blows_up_shows_where(sessions):
    session = sessions("v[t] = W @ v[t-1] + U @ x[t]", text="hellohellohello", name="grows")
    session.train(Plan(optimizer="sgd", rate="5", iterations=20))
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await trained(pilot)
        await pilot.press("home", "exclamation_mark")
        shown = text(await trained(pilot))
        assert "blows up" in shown and "NaN" in shown and "×" in shown
        assert session.practice.iteration == session.practice.progress().alerts[1].iteration
        await pilot.press("v", "v", "v", "enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(pilot.app.screen, Debugger)
        await pilot.press("exclamation_mark")
        assert "first NaN" in text(await settled(pilot))


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return pilot.app


async def test_t_trains_what_is_debugged_and_the_options_begin_anew(app, session):
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("T")
        assert session.practice.plan == Plan(optimizer="adam", rate="0.01", iterations=100)
        await trained(pilot)
        assert session.practice.done == 100
        await pilot.press("plus")
        await trained(pilot)
        assert session.practice.done == 200
        await pilot.press("o", *["delete"] * 4, *"adm", "enter")
        assert "there is no 'adm'" in text(await settled(pilot))
        await pilot.press(*["backspace"] * 3, *"sgd", "tab", *["backspace"] * 4, *"0.5", "enter")
        await trained(pilot)
        assert (session.practice.plan.optimizer, session.practice.plan.rate, session.practice.done) == (
            "sgd",
            "0.5",
            100,
        )


async def test_without_colours_and_with_ascii_the_curves_are_blocks(training):
    app = DebuggerApp(training, ascii=True)
    async with app.run_test(size=(80, 24)) as pilot:
        assert text(await trained(pilot)).isascii()


@pytest.mark.parametrize("size", SIZES)
async def test_every_key_of_the_training_can_be_pressed(training, size):
    async with DebuggerApp(training).run_test(size=size) as pilot:
        await trained(pilot)
        for key in TRAINING_KEYS:
            for name in key.keys if key.id not in ("quit", "open", "leave") else ():
                await pilot.press(name)
                if not isinstance(pilot.app.screen, TrainingScreen):
                    await pilot.press("escape")
                assert isinstance(pilot.app.screen, TrainingScreen), key


def test_the_table_of_keys_is_whole():
    counted = Counter(name for key in TRAINING_KEYS for name in key.keys)
    assert [name for name, count in counted.items() if count > 1] == []
    for key in TRAINING_KEYS:
        assert callable(getattr(TrainingScreen, f"action_{key.id}")) and key.help and key.label
    assert sorted(BAR) == sorted(key.id for key in TRAINING_KEYS if key.bar is not None)
