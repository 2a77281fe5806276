"""A lesson in the app: it speaks, asks, hides, judges, and lets one wander."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.course.script import open_script
from rnntui.screens.strips import text
from rnntui.session import Session
from rnntui.walk import Walk
from rnntui.widgets.lesson_pane import LessonPane

LESSON = """
id: odd
title: "An odd cell [b] dh[t]"
model:
  equations: |
    q[t] = sigmoid(A @ x[t] + B @ mem[t-1])   # gate
    mem[t] = (1 - q[t]) * mem[t-1] + q[t] * tanh(C @ x[t])   # state
  hidden: 2
  seed: 5
data: {text: "abcab"}
steps:
  - say: |
      The gate at t = 2 is **{{ q[2] }}**. [@click=app.quit]nothing[/] here is live.
    goto: forward t=2 q
    focus: q[2]
  - ask: What is the first component of mem at t = 2?
    goto: forward t=2 mem
    number: mem[2][0]
    tolerance: 0.001
    hint: [Look at the gate., "It is {{ q[2][0] }} open."]
    explain: The gate mixes old and new.
  - ask: Which way does the gradient go?
    goto: backward t=2 mem
    choice: [to the left, to the right]
    answer: to the left
    explain: From t = 2 to t = 1.
  - say: That was it.
  - expect: norm(mem[2]) > 0
"""
SIZES = [(80, 24), (120, 36)]


@pytest.fixture
def walk(tmp_path):
    file = tmp_path / "odd.yaml"
    file.write_text(LESSON, encoding="utf-8")
    script = open_script(file)
    return Walk(Session(script.run, script.source, "odd"), script)


@pytest.fixture
def app(walk):
    return DebuggerApp(walk.session, walk)


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_the_lesson_speaks_beside_the_score(app, snapshot, size):
    async with app.run_test(size=size) as pilot:
        assert await settled(pilot) == snapshot


async def test_markup_in_a_lesson_is_shown_as_typed(app):
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await settled(pilot)
        assert "An odd cell [b] dh[t]" in shown
        assert "[@click=app.quit]nothing[/]" in shown.replace("│", "").replace("\n", "")


@pytest.mark.parametrize("size", SIZES)
async def test_a_number_is_hidden_until_it_is_answered(app, walk, size):
    asked = f"{walk.script.answer(walk.script.stops[1]):+.2f}".replace("0.", ".")
    async with app.run_test(size=size) as pilot:
        await pilot.press("enter")
        hidden = await settled(pilot)
        assert "???" in hidden and asked not in hidden
        await pilot.press(*"0.9", "enter")
        shown = await settled(pilot)
        assert "✗ not this time: you said 0.9" in shown
        assert "???" not in shown and asked in shown
        assert "The gate mixes old and new." in shown


async def test_a_right_number_is_praised_and_explained(app, walk):
    answer = f"{walk.script.answer(walk.script.stops[1]):.4f}"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", *answer, "enter")
        shown = await settled(pilot)
        assert "✓ yes" in shown and "The gate mixes old and new." in shown
        await pilot.press("enter")
        assert walk.place == 2


async def test_what_is_no_number_is_told_and_may_be_tried_again(app, walk):
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await pilot.press("enter", *"--", "enter")
        assert "is not a number" in await settled(pilot)
        assert walk.outcome is None


async def test_a_choice_is_made_by_its_letter_or_by_arrows(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "right_square_bracket", "right_square_bracket", "b", "enter")
        assert "✗ not this time" in await settled(pilot)
        await pilot.press("up", "enter")
        assert "✓ yes" in await settled(pilot)
        assert walk.outcome.right


async def test_hints_come_one_at_a_time(app):
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("enter", "escape", "H")
        first = await settled(pilot)
        assert "Look at the gate." in first and "open." not in first
        await pilot.press("H")
        assert "open." in await settled(pilot)


async def test_a_learner_may_wander_and_come_back(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        here = await settled(pilot)
        await pilot.press("right", "right", "l")
        assert walk.wandering and "lesson paused" in await settled(pilot)
        await pilot.press("enter")
        assert not walk.wandering
        assert await settled(pilot) == here


async def test_while_a_question_has_the_keys_the_rest_still_steers(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "right_square_bracket", "right_square_bracket")
        at = walk.session.position
        await pilot.press("right")
        assert walk.session.position == at + 1
        await pilot.press("left", "a", "enter")
        assert walk.outcome is not None


async def test_escape_gives_the_keys_to_the_score_and_tab_takes_them_back(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        pane = app.screen.query_one(LessonPane)
        assert app.focused is not None and pane in app.focused.ancestors
        await pilot.press("escape")
        assert app.focused is None
        await pilot.press("n")
        assert walk.wandering
        await pilot.press("tab")
        assert app.focused is not None


@pytest.mark.parametrize("size", SIZES)
async def test_the_lesson_is_walked_to_its_end_and_back(app, walk, size):
    async with app.run_test(size=size, notifications=True) as pilot:
        for _ in range(5):
            await pilot.press("right_square_bracket")
        assert walk.finished
        assert "That was it." in await settled(pilot)
        await pilot.press("enter")
        assert "0 of 2 questions right at once." in await settled(pilot)
        await pilot.press("escape")
        assert "That was it." in await settled(pilot)
        for _ in range(4):
            await pilot.press("left_square_bracket")
        assert walk.place == 0
