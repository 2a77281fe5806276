"""The line above the drawer of a narrow screen."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.screens.strips import text
from rnntui.widgets.tabs import Tabs

ALONE = "v[t] = tanh(A @ x[t])\n"


async def rows(pilot):
    await pilot.pause()
    await pilot.pause()
    return text(pilot.app).splitlines()


def tabs_of(shown):
    return next((row for row in shown if row.startswith(" 1 equation")), "")


def chosen(pilot):
    return [tab.label for tab in pilot.app.screen.query_one(Tabs).tabs if tab.chosen]


async def test_it_names_the_panes_and_what_comes_next(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(80, 24)) as pilot:
        shown = await rows(pilot)
        assert tabs_of(shown).startswith(" 1 equation  3 circuit  4 watch  5 params    next → ")
        assert "\n".join(shown).count("next →") == 1
        assert chosen(pilot) == ["equation"]


@pytest.mark.parametrize(("key", "label"), [("3", "circuit"), ("4", "watch"), ("5", "params")])
async def test_a_key_or_a_click_shows_another_pane_and_the_first_the_equation_again(app, session, key, label):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(80, 24)) as pilot:
        before = await rows(pilot)
        await pilot.press(key)
        by_key = await rows(pilot)
        assert chosen(pilot) == [label] and by_key != before
        await pilot.click(Tabs, offset=(2, 0))
        assert await rows(pilot) == before
        await pilot.click(Tabs, offset=(tabs_of(before).index(label) + 1, 0))
        assert await rows(pilot) == by_key


async def test_a_cell_without_recurrence_has_no_tab_for_a_circuit(sessions):
    async with DebuggerApp(sessions(ALONE)).run_test(size=(80, 24)) as pilot:
        assert "circuit" not in tabs_of(await rows(pilot))


async def test_beside_the_score_the_equation_says_what_comes_next(app, session):
    session.goto_place("backward t=5 mem")
    async with app.run_test(size=(80, 24)) as pilot:
        narrow = await rows(pilot)
        await pilot.resize_terminal(120, 36)
        wide = await rows(pilot)
        assert not tabs_of(wide) and "\n".join(wide).count("next →") == 1
        await pilot.resize_terminal(80, 24)
        assert await rows(pilot) == narrow
