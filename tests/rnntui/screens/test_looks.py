"""The same screen in 256 colours, without colours, and in ASCII."""

import pytest
from rich.color import ColorSystem

from rnntui.app import DebuggerApp
from rnntui.screens.strips import strips, text
from rnntui.widgets.colours import xterm

PLACES = ("forward t=3", "backward t=4 grad(mem)")


async def looked(app, size, keys=(), place=None):
    async with app.run_test(size=size) as pilot:
        if place is not None:
            app.screen._session.goto_place(place)
        await pilot.press(*keys)
        await pilot.pause()
        await pilot.pause()
        return text(app), strips(app)


@pytest.mark.parametrize("keys", [(), ("question_mark",), ("g",), ("left",)])
async def test_in_ascii_every_row_is_ascii_and_as_wide_as_before(session, keys):
    plain, rows = await looked(DebuggerApp(session, ascii=True), (80, 24), keys, PLACES[1])
    assert plain.isascii(), {letter for letter in plain if not letter.isascii()}
    assert {row.cell_length for row in rows} == {80}


async def test_in_ascii_everything_stands_where_it_stood(sessions):
    before, _ = await looked(DebuggerApp(sessions()), (120, 36), (), PLACES[1])
    after, _ = await looked(DebuggerApp(sessions(), ascii=True), (120, 36), (), PLACES[1])
    *before, bar = before.splitlines()
    *after, spelled = after.splitlines()
    assert "←→ step" in bar and "<- -> step" in spelled  # `<` and `>` would be keys of their own
    for old, new in zip(before, after, strict=True):
        assert [place for place, letter in enumerate(old) if letter == " "] == [
            place for place, letter in enumerate(new) if letter == " "
        ]


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_in_256_colours_surfaces_and_rows_agree_and_nothing_is_rounded(session, theme):
    _, rows = await looked(DebuggerApp(session, theme=theme, depth="256"), (120, 36), (), PLACES[1])
    for row in rows:
        for segment in row:
            for colour in (segment.style.color, segment.style.bgcolor):
                number = colour.downgrade(ColorSystem.EIGHT_BIT).number
                assert xterm(number) == colour.get_truecolor().hex, segment


async def test_without_colours_every_colour_is_a_grey(session, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = DebuggerApp(session)
    _, rows = await looked(app, (120, 36), (), PLACES[1])
    assert app.no_color
    for row in rows:
        for segment in row:
            for colour in (segment.style.color, segment.style.bgcolor):
                red, green, blue = colour.get_truecolor()
                assert red == green == blue, segment
