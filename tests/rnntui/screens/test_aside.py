"""What the blame matrix and the Jacobian lens have in common: the way back, the card, what is computed beside them."""

import pytest

from rnntui.app import DebuggerApp
from rnntui.screens.aside import Aside
from rnntui.screens.debugger import Debugger
from rnntui.screens.help import Help
from rnntui.screens.strips import text


async def shown(pilot):
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    return text(pilot.app)


@pytest.mark.parametrize("key", ["M", "J"])
async def test_too_small_a_terminal_gets_a_card_and_a_larger_one_the_screen_again(app, key):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key)
        before = await shown(pilot)
        await pilot.resize_terminal(50, 15)
        assert "rnntui needs 60×20" in await shown(pilot)
        await pilot.resize_terminal(80, 24)
        assert await shown(pilot) == before


@pytest.mark.parametrize("size", [(40, 12), (8, 3)])
@pytest.mark.parametrize("key", ["M", "J"])
async def test_it_can_be_opened_in_too_small_a_terminal(app, key, size):
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        await pilot.press(key)
        await shown(pilot)
        await pilot.resize_terminal(80, 24)
        assert "rnntui needs" not in await shown(pilot)
        assert isinstance(pilot.app.screen, Aside)


@pytest.mark.parametrize("key", ["M", "J"])
async def test_its_key_and_escape_lead_back_and_help_lies_over_it(app, key):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        for end in (key, "escape"):
            await pilot.press(key, "question_mark")
            assert isinstance(pilot.app.screen, Help)
            await pilot.press("escape", end)
            await pilot.pause()
            assert isinstance(pilot.app.screen, Debugger)


@pytest.mark.parametrize("key", ["M", "J"])
async def test_left_before_it_is_computed_it_raises_nothing(sessions, monkeypatch, key):
    monkeypatch.setattr("rnntui.screens.blame.AT_ONCE", 0.0)
    monkeypatch.setattr("rnntui.screens.jacobian.SMALL", 0)
    async with DebuggerApp(sessions(text="hello hell" * 30)).run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press(key, "escape")
        await shown(pilot)
        assert isinstance(pilot.app.screen, Debugger)


async def test_a_hint_of_the_key_bar_can_be_clicked(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("J")
        before = await shown(pilot)
        await pilot.click("#keys", offset=(2, 0))
        assert "∂state(2)/∂state(1)" in await shown(pilot) and "∂state(1)/∂state(0)" in before
