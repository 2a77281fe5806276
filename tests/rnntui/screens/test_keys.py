"""The table of keys is whole: every key once, every action there."""

from collections import Counter

import pytest

from rnntui.screens.bindings import hints
from rnntui.screens.debugger import Debugger
from rnntui.screens.keys import BAR, BAR_TYPING, GROUPS, KEYS
from rnntui.screens.other_keys import DUEL_KEYS, OTHERS
from rnntui.widgets.hints import Hint, HintRow
from rnntui.widgets.palette import palette


def test_no_key_stands_for_two_things():
    counted = Counter(name for key in KEYS for name in key.keys)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_action_exists_and_every_entry_can_be_explained():
    for key in KEYS:
        assert callable(getattr(Debugger, f"action_{key.id}"))
        assert key.help and key.label and key.group in GROUPS


def test_every_binding_of_the_screen_comes_from_the_table():
    assert {binding.action for binding in Debugger.BINDINGS} == {key.id for key in KEYS}


def fitting(hints, width):
    """The actions of the hints that a row of this width has room for."""
    found, used = [], 1
    for hint in hints:
        length = len(hint.keys) + 1 + len(hint.label)
        if used + length <= width:
            found.append(hint.action)
            used += length + 2
    return found


def test_in_small_terminals_the_bar_still_says_how_to_get_help_and_out():
    assert "help" in fitting(hints(KEYS, BAR), 70)
    assert {"help", "leave", "quit"} <= set(fitting(hints(DUEL_KEYS), 80))


def test_the_key_bar_shows_what_the_table_gives_it():
    assert {*BAR, *BAR_TYPING} == {key.id for key in KEYS if key.bar is not None}
    assert Hint("←→", "step", "step", (("←", "back"), ("→", "step"))) in hints(KEYS, BAR)


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("table", [KEYS, *OTHERS.values()])
def test_a_click_on_one_of_several_keys_does_what_that_key_does(table, ascii):
    colours = palette("dark", ascii=ascii)
    named = {name: key.id for key in table for name in key.shown.split()}
    for hint in hints(table):
        row = HintRow([hint], colours, 1, 99)
        assert row.action_at(1 + len(row.shown[0][0])) == hint.action  # on the word
        parts = hint.keys.split() if " " in hint.keys else list(hint.keys)
        names = [part.replace("−", "-") for part in parts]
        if hint.keys not in named and named.keys() >= set(names):
            for part, name in zip(parts, names, strict=True):
                assert row.action_at(1 + row.shown[0][0].index(colours.keys(part))) == named[name], (hint.keys, part)


async def test_the_key_bar_goes_back_where_the_left_arrow_is_clicked(app, session):
    session.goto_place("forward t=3 mem")
    at = session.position
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for column, position in ((1, at - 1), (2, at), (5, at + 1)):
            await pilot.click("#keys", offset=(column, 0))
            await pilot.pause()
            assert session.position == position
