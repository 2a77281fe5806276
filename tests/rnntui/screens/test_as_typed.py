"""What looks like markup is shown as typed, wherever a text comes from, and nothing in it is live."""

import pytest

import bptt
from bptt.run import Run
from rnntui.app import DebuggerApp
from rnntui.course.script import open_script
from rnntui.screens.strips import strips, text
from rnntui.session import Session
from rnntui.sources import from_text
from rnntui.walk import Walk
from rnntui.widgets.notice import Notice

HOSTILE = "dh[t] [/b] [@click=app.quit]x[/]"
CELL = f"mem[t] = tanh(A @ x[t] + B @ mem[t-1])   # {HOSTILE}"
LESSON = f"""
id: odd
title: "{HOSTILE}"
model:
  equations: |
    {CELL}
  hidden: 2
data: {{text: "{HOSTILE}"}}
steps:
  - say: "{HOSTILE}"
  - ask: "ask {HOSTILE}"
    goto: forward t=2 mem
    choice: ["first {HOSTILE}", "second {HOSTILE}"]
    answer: "second {HOSTILE}"
    hint: "hint {HOSTILE}"
    explain: "explain {HOSTILE}"
  - expect: loss > 0
"""
SIZES = [(80, 24), (120, 36)]


def shown(app):
    """All letters of the screen without blanks and lines, so that wrapping does not matter."""
    for row in strips(app):
        for segment in row:
            assert segment.style is None or "@click" not in segment.style.meta
    return "".join(letter for letter in text(app) if letter not in " \n│▌")


def typed(words=HOSTILE):
    return words.replace(" ", "")


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return shown(pilot.app)


@pytest.fixture
def session():
    source = from_text(HOSTILE)
    model = bptt.Model.create(
        bptt.Cell.parse(CELL, HOSTILE), inputs=source.inputs, hidden=2, outputs=source.outputs, seed=0
    )
    return Session(Run(model, source.x, source.y), source, HOSTILE)


@pytest.fixture
def walk(tmp_path):
    file = tmp_path / "odd.yaml"
    file.write_text(LESSON, encoding="utf-8")
    script = open_script(file)
    return Walk(Session(script.run, script.source, HOSTILE), script)


@pytest.mark.parametrize("size", SIZES)
async def test_title_comment_and_letters_of_a_run(session, size):
    app = DebuggerApp(session)
    async with app.run_test(size=size) as pilot:
        start = await settled(pilot)
        assert typed()[:18] in start  # the title, cut
        assert typed() in start  # the comment
        for place in ("forward t=3 mem", "backward t=6 mem", "end"):
            session.goto_place(place)
            await settled(pilot)
            assert any("[" in row for row in text(app).split("\n")[1:])  # the letter at the cursor


@pytest.mark.parametrize("size", SIZES)
async def test_a_notice_and_what_was_typed_into_a_dialog(session, size):
    app = DebuggerApp(session)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.screen.notify(HOSTILE)
        assert typed() in await settled(pilot)
        session.step()
        await pilot.pause()
        assert not app.screen.query_one(Notice).display
        await pilot.press("g", *HOSTILE, "enter")
        assert typed("dh[t] [/b] [@click=app.quit]x") in await settled(pilot)


@pytest.mark.parametrize("size", SIZES)
async def test_every_text_of_a_lesson(walk, size):
    app = DebuggerApp(walk.session, walk)
    async with app.run_test(size=size) as pilot:
        assert (await settled(pilot)).count(typed()) >= 2  # title and text
        await pilot.press("enter")
        asked = await settled(pilot)
        for part in ("ask", "a)first", "b)second"):
            assert typed(part + HOSTILE) in asked
        await pilot.press("H")
        assert typed("hint " + HOSTILE) in await settled(pilot)
        await pilot.press("b", "enter")
        assert typed("explain " + HOSTILE) in await settled(pilot)


@pytest.mark.parametrize("key", ["M", "J", "T", "E", "L", "y", "B", "W", "i", "S", "question_mark", "3", "5", "4"])
async def test_no_screen_makes_anything_of_a_title_a_comment_or_a_letter(session, key):
    from rnntui.training.plan import Plan

    session.train(Plan(iterations=2))
    session.practice.stop()
    session.title = HOSTILE
    session.goto_place("backward t=6 mem")
    app = DebuggerApp(session)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        if key != "T":
            await pilot.press("escape")
        await pilot.press("w", *"mem[t]", "enter")
        if key != "T":
            await pilot.press(key)
        await app.workers.wait_for_complete()
        assert "[/b]" in await settled(pilot) or key in ("question_mark", "L", "y")
        await pilot.click(offset=(20, 0))
        await pilot.pause()
        assert app.return_code is None
