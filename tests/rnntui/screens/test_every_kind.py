"""Every kind of question on the screen: by keys, by the mouse, right and wrong."""

from __future__ import annotations

import pytest

from rnntui.app import DebuggerApp
from rnntui.course.script import open_script
from rnntui.screens.strips import text
from rnntui.session import Session
from rnntui.walk import Walk
from rnntui.widgets.lesson_pane import Here
from rnntui.widgets.ordering import Ordering

KEYS = {
    "number": lambda right: [*right, "enter"],
    "choice": lambda right: [right, "enter"],
    "order": lambda right: [*right.split(), "enter"],
    "sign": lambda right: ["down"] * (1 + ["plus", "minus", "zero"].index(right)) + ["enter"],
    "shape": lambda right: [*right.replace(" × ", "x"), "enter"],
    "true-false": lambda right: ["down"] * (1 if right == "true" else 2) + ["enter"],
    "equation": lambda right: [*right, "enter"],
    "try": lambda right: [*"d[0] = 90", "enter", *"d[1] = 90", "enter"],
}


@pytest.fixture
def walk(every_kind):
    script = open_script(every_kind, tried=False)
    return Walk(Session(script.run, script.source), script)


@pytest.fixture
def app(walk):
    return DebuggerApp(walk.session, walk)


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_lesson_is_played_right_by_keys_alone(app, walk, size):
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        for stop in walk.script.stops:
            if stop.kind == "bug":
                session = walk.session
                session.goto_place("backward t=4 mem")
                await pilot.press("enter")
                assert not walk.outcome.right
                session.goto_place("backward t=3 mem")
                await pilot.press("V")
                assert "true: ∇mem" in await settled(pilot)
                await pilot.press("enter")
            elif stop.question is not None:
                await pilot.press(*KEYS[stop.kind](walk.script.right_answer(stop)))
            if stop.question is not None:
                await settled(pilot)
                assert walk.outcome is not None, stop.kind
                assert walk.outcome.right, stop.kind
            if stop is not walk.script.stops[-1]:
                await pilot.press("enter")
                assert walk.place == stop_after(walk, stop)
        assert walk.finished


def stop_after(walk, stop):
    return walk.script.stops.index(stop) + 1


async def test_a_wrong_order_can_be_given_again_and_taken_back(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        walk.jump(3)
        await pilot.press("escape", "tab")
        right = walk.script.right_answer(walk.script.stops[3]).split()
        await pilot.press(right[1], "backspace")
        assert walk.outcome is None
        await pilot.press(*reversed(right))
        assert walk.outcome is None
        assert "Enter answer" in await settled(pilot)
        await pilot.press("enter")
        assert not walk.outcome.settled
        await settled(pilot)
        await pilot.press("tab", *right, "enter")
        assert walk.outcome.right


async def test_things_are_put_in_order_by_clicks(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        walk.jump(3)
        await pilot.press("escape", "tab")
        await settled(pilot)
        for letter in walk.script.right_answer(walk.script.stops[3]).split()[:3]:
            await pilot.click(Ordering, offset=(8, "abcd".index(letter)))
            await pilot.pause()
        await pilot.press("enter")
        assert walk.outcome.right


async def test_the_wrong_line_is_named_by_a_click(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        walk.jump(8)
        walk.session.goto_place("backward t=3 mem")
        await settled(pilot)
        await pilot.click(Here)
        await settled(pilot)
        assert walk.outcome.right


async def test_a_hint_is_asked_for_where_letters_are_typed(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        walk.jump(7)
        await pilot.press("escape", "tab", "?")
        assert "It has a tanh." in await settled(pilot)
        assert walk.outcome is None


async def test_no_equation_is_shown_while_one_is_asked_for(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        walk.jump(7)
        assert "E mem[t-1]" not in await settled(pilot)
        walk.session.goto_place("forward t=1 r2")
        assert "tanh" not in await settled(pilot)
        await pilot.press("escape", "right_square_bracket")
        assert "tanh" in await settled(pilot)


async def test_a_table_stands_below_what_is_said(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await settled(pilot)
        assert all(line.rstrip() in shown for line in walk.step.table)


async def test_a_lesson_whose_file_changes_is_opened_again_at_its_place(tmp_path, monkeypatch):
    from rnntui.course.template import template
    from rnntui.playthrough import take_up
    from rnntui.rereading import Rereading
    from rnntui.store import Store

    monkeypatch.setenv("RNNTUI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("rnntui.app.LOOK_EVERY", 0.02)
    path = tmp_path / "mine.yaml"
    path.write_text(template("mine", "mine.yaml"), encoding="utf-8")
    store = Store()
    walk = take_up(path, store)
    app = DebuggerApp(walk.session, walk, store=store, rereading=Rereading(path, store))
    async with app.run_test(size=(120, 36)) as pilot:
        walk.jump(4)
        written = path.read_text(encoding="utf-8")
        for said, shown in (("{{ nothing }}", "'nothing'"), ("what is new.", "what is new.")):
            path.write_text(written.replace("what you write here.", said), encoding="utf-8")
            for _ in range(40):
                await pilot.pause(0.02)
                if shown in text(pilot.app):
                    break
            assert shown in text(pilot.app)
        assert pilot.app.screen.lesson_place == 4
        assert "You left this lesson" not in text(pilot.app)


async def test_a_lesson_that_is_faulty_when_it_is_watched_from_the_start_is_waited_for(tmp_path, monkeypatch):
    from rnntui.course.template import template
    from rnntui.playthrough import take_up
    from rnntui.rereading import Rereading
    from rnntui.screens.debugger import Debugger
    from rnntui.store import Store

    monkeypatch.setenv("RNNTUI_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("rnntui.app.LOOK_EVERY", 0.02)
    path = tmp_path / "mine.yaml"
    written = template("mine", "mine.yaml")
    store = Store()

    def begin():
        walk = take_up(path, store)
        return walk.session, walk

    async def shows(pilot, what):
        for _ in range(60):
            await pilot.pause(0.02)
            if what():
                return True
        return False

    def faulty(name):
        path.write_text(written.replace("sign: h[2][1]", f"sign: {name}[2][1]"), encoding="utf-8")

    faulty("k")
    app = DebuggerApp(begin, store=store, rereading=Rereading(path, store))
    async with app.run_test(size=(120, 36)) as pilot:
        assert await shows(pilot, lambda: "'k'" in text(app) and "esc leaves" in text(app))
        assert "saving the file reads it again" in text(app)
        faulty("kept")
        assert await shows(pilot, lambda: "'kept'" in text(app) and "'k'" not in text(app))
        path.write_text(written, encoding="utf-8")
        assert await shows(pilot, lambda: isinstance(app.screen, Debugger) and "This net reads" in text(app))
        assert len(app.screen_stack) == 2
    path.write_text(written.replace("sign: h", "sign: k"), encoding="utf-8")
    app = DebuggerApp(begin, store=store, rereading=Rereading(path, store))
    async with app.run_test(size=(120, 36)) as pilot:
        assert await shows(pilot, lambda: "esc leaves" in text(app))
        await pilot.press("escape")
    assert app.return_value == 2


@pytest.mark.parametrize(
    ("place", "typed"),
    [(4, "minus"), (4, "positive"), (4, "plus"), (4, "zero"), (6, "true"), (6, "false"), (4, "pb"), (4, "pminus")],
)
async def test_a_word_can_be_typed_for_an_answer_and_moves_nothing_else(app, walk, place, typed):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        walk.jump(place)
        await pilot.press("escape", "tab")
        at, session = walk.session.position, walk.session
        await pilot.press(*typed)
        assert session.position == at and app.screen is app.screen_stack[1]
        assert walk.outcome is None
        await pilot.press("enter")
        said = {"positive": "plus", "pb": "minus", "pminus": "minus"}.get(typed, typed)
        assert walk.outcome.right is (said == walk.script.right_answer(walk.script.stops[place]))


@pytest.mark.parametrize(("key", "sign"), [("plus", "plus"), ("minus", "minus"), ("0", "zero")])
async def test_a_sign_is_answered_by_its_sign(app, walk, key, sign):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        walk.jump(4)
        await pilot.press("escape", "tab", key)
        assert walk.outcome is None
        await pilot.press("enter")
        assert walk.outcome.right is (sign == walk.script.right_answer(walk.script.stops[4]))


@pytest.mark.parametrize("place", [1, 2, 4, 5])
async def test_the_key_bar_says_what_enter_does_in_a_question_and_a_click_does_it(app, walk, place):
    async with app.run_test(size=(120, 36)) as pilot:
        assert "enter go on" in (await settled(pilot)).splitlines()[-1]
        walk.jump(place)
        await pilot.press("escape", "tab")
        await pilot.press("3" if walk.script.stops[place].kind in ("number", "shape") else "down")
        assert "enter answer" in (await settled(pilot)).splitlines()[-1]
        await pilot.click("#keys", offset=(3, 0))
        await settled(pilot)
        assert walk.outcome is not None


async def pressed(pilot, key):
    """Click a key of the lesson's own line."""
    line = pilot.app.screen.query_one("KeyLine")
    rows = ["".join(segment.text for segment in line.render_line(row)) for row in range(line.size.height)]
    row = next(number for number, told in enumerate(rows) if key in told)
    await pilot.click(line, offset=(rows[row].index(key), row))
    await settled(pilot)


async def test_the_keys_that_a_lesson_names_can_be_clicked(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pressed(pilot, "Enter")
        assert walk.place == 1
        await pressed(pilot, "? hint")
        assert walk.hints
        await pressed(pilot, "esc")
        assert app.focused is None
        await pressed(pilot, "PgDn give up")
        assert walk.outcome.given_up
        await pressed(pilot, "PgDn next")
        assert walk.place == 2
        await pressed(pilot, "PgDn give up")
        await pressed(pilot, "PgUp back")
        assert walk.place == 1
        app.screen._jump(3)
        await pilot.press("a")
        assert "1. a)" in await settled(pilot)
        await pressed(pilot, "backspace")
        assert "1. a)" not in await settled(pilot)
        app.screen._jump(walk.count - 1)
        await settled(pilot)
        await pressed(pilot, "Enter")
        await pressed(pilot, "esc")
        await settled(pilot)
        assert app.screen is app.screen_stack[1]


async def test_the_chip_of_a_paused_lesson_leads_back(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("right", "l")
        top = (await settled(pilot)).splitlines()[0]
        assert "lesson paused" in top and "looking away" in top
        await pilot.click("#crumb", offset=(top.index("looking away"), 0))
        assert "looking away" not in await settled(pilot)
        await pilot.click("#crumb", offset=((await settled(pilot)).splitlines()[0].index("lesson paused"), 0))
        await settled(pilot)
        assert not walk.wandering


@pytest.mark.parametrize(
    ("typed", "bar"), [("9999", "│████████████████ too large"), ("-99", "████████████████│ too small")]
)
async def test_a_wrong_number_is_shown_with_how_far_it_is_off(app, walk, typed, bar):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen._jump(1)
        await pilot.press(*typed, "enter")
        assert bar in await settled(pilot)


async def test_a_bar_is_as_long_as_the_error_is_large(app, walk):
    right = float(walk.script.right_answer(walk.script.stops[1]))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen._jump(1)
        await pilot.press(*f"{right * 2:.6f}", "enter")
        shown = await settled(pilot)
        assert "│" + 8 * "█" + " too large" in shown and "✗" in shown
        assert walk.outcome.off == pytest.approx(0.5, abs=1e-4)
