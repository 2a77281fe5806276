"""Commands by name: the line after the colon, and the palette."""

import pytest
from textual.widgets import OptionList

from rnntui.app import DebuggerApp
from rnntui.plain.debugger import DEBUGGER
from rnntui.screens.command_line import CommandLine
from rnntui.screens.debugger import Debugger
from rnntui.screens.finder import Finder, found
from rnntui.screens.keys import KEYS
from rnntui.screens.strips import text
from rnntui.screens.verbs import named, verbs
from rnntui.widgets.notice import Notice

SIZES = [(80, 24), (120, 36)]


async def settled(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app)


def typed(line):
    return ["space" if letter == " " else letter for letter in line]


def test_every_key_and_every_command_is_one_verb():
    names = [verb.name for verb in verbs()]
    assert len(names) == len(set(names))
    assert {key.name for key in KEYS} | {command.name for command in DEBUGGER} == set(names)
    assert all(key.verb in {command.name for command in DEBUGGER} for key in KEYS if key.verb)


def test_a_verb_knows_what_must_follow_it():
    assert named("print h[3]").needs and not named("print h[3]").action
    assert not named("edits").needs
    assert named("step").action == "step" and named("step").takes
    assert named("theme").action == "theme" and not named("theme").takes


def test_some_letters_find_a_verb_by_name_or_by_what_it_does():
    assert found("thm")[0].name == "theme"
    assert "goto" in [verb.name for verb in found("place")]
    assert found("qqqq") == []
    assert found("") == list(verbs())


@pytest.mark.parametrize("size", SIZES)
async def test_a_line_moves_the_run_and_is_gone(session, size):
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("colon", *typed("goto b4 mem"), "enter")
        assert (session.phase, session.t) == ("backward", 4)
        assert isinstance(pilot.app.screen, Debugger)
        await pilot.press("colon", *typed("step 3"), "enter")
        await pilot.press("colon", *typed("theme"), "enter")
        assert isinstance(pilot.app.screen, Debugger)
        assert pilot.app.theme == "rnntui-light"


@pytest.mark.parametrize("size", SIZES)
async def test_a_long_answer_stays_to_be_read_and_an_error_tells_the_place(session, size):
    session.goto_place("forward t=3 mem")
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("colon", *typed("list"), "enter")
        assert " → mem[t] = " in await settled(pilot)
        assert isinstance(pilot.app.screen, CommandLine)
        await pilot.press(*typed("print mem[t"), "enter")
        assert "column" in await settled(pilot)
        await pilot.press("up", "up", "up", "enter", "escape", "escape")
        assert isinstance(pilot.app.screen, Debugger)


async def test_a_short_answer_is_a_notice(session):
    session.goto_place("forward t=3 mem")
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *typed("print max(mem[t]) > 2"), "enter")
        assert pilot.app.screen.query_one(Notice).display
        assert "max(mem[t]) > 2 = false" in await settled(pilot)


async def test_the_line_explains_what_is_typed_ends_names_and_names_near_ones(session):
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *typed("disa"))
        assert "disable" in await settled(pilot)
        await pilot.press("tab")
        assert "Let breakpoints rest" in await settled(pilot)
        await pilot.press(*["backspace"] * 8, *typed("watsh x"), "enter")
        assert "did you mean watch" in await settled(pilot)


async def test_what_is_typed_is_told_as_a_line_and_not_as_a_key(session):
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        for name in ("break", "watch"):
            await pilot.press("colon", *typed(name))
            shown = await settled(pilot)
            said = next(command for command in DEBUGGER if command.name == name)
            assert f"{said.usage} · {said.help[:40]}" in shown
            assert "the same list" not in shown and "list breakpoints" not in shown
            await pilot.press("escape")


async def test_what_is_typed_after_a_refused_line_replaces_it(session):
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("colon", *typed("export"), "enter")
        shown = await settled(pilot)
        assert "nothing is called 'export'" in shown and "did you mean" not in shown
        await pilot.press(*typed("break b4"), "enter")
        await settled(pilot)
        assert len(list(session.breakpoints)) == 1


async def test_what_was_typed_before_comes_back(session):
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *typed("next 2"), "enter", "colon", "up", "enter")
        assert session.t == 4


@pytest.mark.parametrize("size", SIZES)
async def test_the_palette_does_what_is_chosen(session, size):
    async with DebuggerApp(session).run_test(size=size) as pilot:
        await pilot.press("ctrl+p", *"thm", "enter")
        assert pilot.app.theme == "rnntui-light"
        await pilot.press("ctrl+p", *"print", "enter")
        assert isinstance(pilot.app.screen, CommandLine)
        await pilot.press("escape", "ctrl+p")
        assert isinstance(pilot.app.screen, Finder)
        await pilot.press("escape")
        assert isinstance(pilot.app.screen, Debugger)


async def test_nothing_hidden_is_printed(session):
    session.goto_place("forward t=3 mem")
    session.hide([session.frame().written])
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *typed("print mem[t]"), "enter")
        assert "mem[t] = ???" in await settled(pilot)


async def test_what_is_typed_is_shown_as_typed(session):
    async with DebuggerApp(session).run_test(size=(120, 36)) as pilot:
        await pilot.press("colon", *typed("dh[t] [/b] [@click=app.quit]x[/]"), "enter")
        assert "[@click=app.quit]x[/]" in await settled(pilot)


@pytest.mark.parametrize("door", ["ctrl+p", "D"])
async def test_a_click_on_what_a_faster_key_took_from_the_list_chooses_nothing(session, door):
    async with DebuggerApp(session).run_test(size=(80, 24)) as pilot:
        await pilot.press(door)
        dialog = pilot.app.screen
        options = dialog.query_one(OptionList)
        chosen = OptionList.OptionSelected(options, options.options[9], 9)
        await pilot.press(*"gru")
        assert 0 < options.option_count < 9
        dialog.post_message(chosen)
        await pilot.pause()
        assert pilot.app.screen is dialog
