"""The table of keys is whole: every key once, every action there."""

from collections import Counter

from rnntui.screens.bindings import hints
from rnntui.screens.debugger import Debugger
from rnntui.screens.keys import BAR, GROUPS, KEYS
from rnntui.screens.other_keys import DUEL_KEYS
from rnntui.widgets.hints import Hint


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
    assert sorted(BAR) == sorted(key.id for key in KEYS if key.bar is not None)
    assert Hint("←→", "step", "step") in hints(KEYS, BAR)
