"""While a question has the keys what is typed is an answer; out of sight it takes none; what enter does is told."""

from __future__ import annotations

import pytest

from rnntui.app import DebuggerApp
from rnntui.course.script import open_script
from rnntui.screens.strips import text
from rnntui.session import Session
from rnntui.walk import Walk
from rnntui.widgets.answer_field import AnswerField, NumberField
from rnntui.widgets.lesson_pane import LessonPane

NUMBER, CHOICE, ORDER, SIGN, SHAPE, TRUTH, EQUATION, BUG, TRY = range(1, 10)
SIZES = [(80, 24), (120, 36)]


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


async def at(pilot, walk, place):
    """Stand at a question that has the keys."""
    await settled(pilot)
    walk.jump(place)
    await pilot.press("escape", "tab")
    return await settled(pilot)


def bar(shown):
    return shown.splitlines()[-1]


@pytest.mark.parametrize("typed", ["-0,82", "-8,19e-1", "1/3", "0.4", "12345", "0,5 ", "1nxzqb"])
async def test_nothing_of_a_number_steers(app, walk, typed):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, NUMBER)
        position = walk.session.position
        await pilot.press(*("space" if letter == " " else letter for letter in typed))
        assert app.screen.query_one(NumberField).value == typed
        assert walk.session.position == position
        assert app.screen.query_one(LessonPane).display


async def test_a_decimal_comma_is_judged_as_a_point(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, NUMBER)
        right = walk.script.right_answer(walk.script.stops[NUMBER])
        await pilot.press(*right.replace(".", ","), "enter")
        assert "✓ yes" in await settled(pilot)
        assert walk.outcome.right


async def test_arrows_step_until_a_number_is_begun(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, NUMBER)
        position = walk.session.position
        await pilot.press("right")
        assert walk.session.position == position + 1
        await pilot.press("left", "1", "left", "2")
        assert walk.session.position == position
        assert app.screen.query_one(NumberField).value == "21"


@pytest.mark.parametrize("size", SIZES)
async def test_another_number_after_a_wrong_one_does_nothing(app, walk, size):
    async with app.run_test(size=size) as pilot:
        await at(pilot, walk, NUMBER)
        await pilot.press(*"99", "enter")
        before = await settled(pilot)
        assert "✗ not this time: you said 99" in before
        position = walk.session.position
        await pilot.press(*"0.1", ",")
        assert "the answer is told" in await settled(pilot)
        assert walk.session.position == position
        assert app.screen.shows_lesson
        assert "✗ not this time: you said 99" in await settled(pilot)
        await pilot.press("enter")
        assert walk.place == NUMBER + 1


async def test_another_word_after_a_wrong_one_does_nothing(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, TRUTH)
        right = walk.script.right_answer(walk.script.stops[TRUTH])
        await pilot.press("b" if right == "true" else "a", "enter")
        assert walk.outcome.settled and not walk.outcome.right
        place = walk.session.position
        await settled(pilot)
        await pilot.press("b", "t", "y", "1")
        assert (walk.session.position, len(walk.session.breakpoints), app.screen_stack[-1]) == (place, 0, app.screen)
        assert app.screen.shows_lesson
        await pilot.press("escape", "right")
        assert walk.session.position == place + 1


async def test_a_letter_marks_enter_answers_and_the_same_wrong_one_again_counts_for_nothing(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, CHOICE)
        right = walk.script.right_answer(walk.script.stops[CHOICE])
        wrong = next(letter for letter in "abc" if letter != right)
        await pilot.press(wrong)
        assert walk.outcome is None
        await pilot.press("enter")
        assert "✗ not this time." in await settled(pilot)
        await pilot.press("enter", "enter")
        assert "You said that before." in await settled(pilot)
        assert (walk.hints, walk.place) == ((), CHOICE)
        await pilot.press(right, "enter")
        assert "✓ yes." in await settled(pilot)
        assert walk.place == CHOICE


@pytest.mark.parametrize("typed", ["tanh", "nN", "about 3"])
async def test_a_word_where_a_number_is_asked_for_steers_nothing(app, walk, typed):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, NUMBER)
        before = walk.session.position, walk.session.lens
        await pilot.press(*("space" if letter == " " else letter for letter in typed))
        assert "a number is wanted here" in await settled(pilot)
        assert (walk.session.position, walk.session.lens) == before
        assert app.screen.query_one(NumberField).value == "".join(filter(str.isdigit, typed))


@pytest.mark.parametrize("place", [NUMBER, CHOICE, ORDER, SIGN, TRUTH])
async def test_an_answered_question_looks_the_same_when_it_is_returned_to(app, walk, place):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, place)
        await pilot.press("pagedown")
        first = await settled(pilot)
        await pilot.press("enter", "pageup")
        assert await settled(pilot) == first
        assert "Enter go on" in first


@pytest.mark.parametrize("key", ["4", "5", "6", "0", "9"])
async def test_digits_beyond_the_answers_hide_nothing(app, walk, key):
    async with app.run_test(size=(80, 24)) as pilot:
        before = await at(pilot, walk, CHOICE)
        await pilot.press(key)
        shown = await settled(pilot)
        assert f"'{key}' is none of the answers" in shown
        assert walk.outcome is None
        assert before.splitlines()[:14] == shown.splitlines()[:14]


async def test_a_number_typed_at_a_choice_moves_nothing_and_chooses_nothing(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, CHOICE)
        position = walk.session.position
        await pilot.press("0", ".", "2")
        assert "'0.2' is none of the answers" in await settled(pilot)
        assert (walk.session.position, walk.outcome) == (position, None)


@pytest.mark.parametrize("place", [NUMBER, CHOICE, ORDER, SIGN, SHAPE, TRUTH, EQUATION, TRY])
async def test_enter_alone_answers_nothing_and_says_what_to_do(app, walk, place):
    async with app.run_test(size=(120, 36)) as pilot:
        before = await at(pilot, walk, place)
        await pilot.press("enter", "enter", "enter")
        assert walk.outcome is None
        assert walk.place == place
        shown = await settled(pilot)
        told = [line for line in shown.splitlines() if line not in before.splitlines()]
        assert any("write" in line or "choose first" in line for line in told), shown


@pytest.mark.parametrize(("size", "key"), [((80, 24), "5"), ((80, 24), "3"), ((120, 36), "1"), ((80, 24), "z")])
async def test_a_question_out_of_sight_takes_no_answer(app, walk, size, key):
    async with app.run_test(size=size) as pilot:
        await at(pilot, walk, NUMBER)
        await pilot.press("escape", key)
        shown = await settled(pilot)
        assert "step 2 of 13" not in shown and "2/13" not in shown
        assert bar(shown).startswith(" enter show lesson")
        assert app.focused is None
        await pilot.press("6", "7", "enter")
        shown = await settled(pilot)
        assert walk.outcome is None
        assert app.focused is app.screen.query_one(NumberField)
        assert bar(shown).startswith(" enter answer")
        assert app.focused.value == ""


@pytest.mark.parametrize("key", ["enter", "2", "tab", "right_square_bracket", "pagedown", "H"])
async def test_any_key_of_the_lesson_brings_it_back_first(app, walk, key):
    async with app.run_test(size=(80, 24)) as pilot:
        await at(pilot, walk, NUMBER)
        await pilot.press("escape", "5")
        await settled(pilot)
        await pilot.press(key)
        assert (walk.place, walk.outcome, walk.hints) == (NUMBER, None, ())
        assert app.screen.shows_lesson
        assert app.focused is app.screen.query_one(NumberField)


async def test_a_step_that_only_speaks_does_not_go_on_unseen(app, walk):
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await pilot.press("5", "enter")
        assert walk.place == 0
        await pilot.press("enter")
        assert walk.place == 1


@pytest.mark.parametrize("size", SIZES)
async def test_whether_the_lesson_is_in_sight_is_what_the_style_sheet_makes_of_it(app, walk, size):
    async with app.run_test(size=size) as pilot:
        await at(pilot, walk, CHOICE)
        await pilot.press("escape")
        for key in ("1", "3", "4", "5", "2", "z", "z", "z"):
            await pilot.press(key)
            await settled(pilot)
            pane = app.screen.query_one(LessonPane)
            visible = all(node.display for node in pane.ancestors_with_self if hasattr(node, "display"))
            assert app.screen.shows_lesson == (visible and pane.region.height > 0), key


@pytest.mark.parametrize("place", [NUMBER, CHOICE, ORDER, SIGN, SHAPE, TRUTH, EQUATION, BUG, TRY])
async def test_hints_back_and_next_are_the_same_keys_at_every_question(app, walk, place):
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await at(pilot, walk, place)
        for told in ("? hint", "PgDn give up", "PgUp back"):
            assert told in shown
        count = len(walk.script.stops[place].question.hints)
        await pilot.press("?")
        assert len(walk.hints) == min(1, count)
        assert app.screen.has_question
        await pilot.press("pageup")
        assert walk.place == place - 1
        walk.jump(place)
        await pilot.press("escape", "tab", "pagedown")
        assert walk.place == place
        assert walk.outcome.given_up


@pytest.mark.parametrize("place", [NUMBER, CHOICE, EQUATION])
async def test_help_is_at_hand_at_a_question(app, walk, place):
    async with app.run_test(size=(120, 36)) as pilot:
        assert "F1 help" in bar(await at(pilot, walk, place))
        await pilot.press("f1")
        await settled(pilot)
        assert type(app.screen).__name__ == "Help"


@pytest.mark.parametrize("place", [NUMBER, CHOICE, TRUTH, EQUATION, TRY])
async def test_the_key_bar_shows_no_key_that_goes_into_the_answer(app, walk, place):
    async with app.run_test(size=(200, 55)) as pilot:
        await at(pilot, walk, place)
        if place == NUMBER:
            await pilot.press("1")
        await settled(pilot)
        takes = app.screen.query_one(LessonPane).answering.takes
        assert not [hint for hint in app.screen._hints() if len(hint.keys) == 1 and takes(hint.keys)]


async def test_enter_says_return_on_the_pane_and_on_the_bar_while_one_looks_around(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        await at(pilot, walk, CHOICE)
        await pilot.press("right")
        shown = await settled(pilot)
        assert bar(shown).startswith(" enter return") and "Enter return" in shown
        await pilot.press("enter")
        assert walk.outcome is None and not walk.wandering
        shown = await settled(pilot)
        assert bar(shown).startswith(" enter answer") and "Enter answer" in shown


async def test_what_is_refused_stays_to_be_mended_and_what_is_made_goes(app, walk):
    async with app.run_test(size=(120, 36)) as pilot:
        await at(pilot, walk, TRY)
        field = app.screen.query_one("#lesson-words", AnswerField)
        await pilot.press(*"dd[0] = 1", "enter")
        assert "has no variable or parameter 'dd'" in await settled(pilot)
        assert field.value == "dd[0] = 1"
        await pilot.press("home", "delete", "enter")
        assert "not yet" in await settled(pilot)
        assert field.value == ""


@pytest.mark.parametrize("place", [SHAPE, EQUATION, TRY])
async def test_how_an_answer_is_written_fits_its_field(app, walk, place):
    async with app.run_test(size=(120, 36)) as pilot:
        assert walk.script.stops[place].question.asked.form in await at(pilot, walk, place)


@pytest.mark.parametrize("place", [CHOICE, ORDER, BUG, TRY])
async def test_no_key_is_left_out_beside_the_score(app, walk, place):
    async with app.run_test(size=(120, 36)) as pilot:
        shown = await at(pilot, walk, place)
        assert "PgUp back" in shown
        assert ("V true value" if place == BUG else "esc look around") in shown
