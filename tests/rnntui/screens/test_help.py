"""The help page: every key, colour and mark, within 76 columns."""

import pytest

from rnntui.screens.blame import BLAME_KEYS, BLAME_MARKS
from rnntui.screens.help import HUES, MARKS, Help
from rnntui.screens.keys import KEYS, MOUSE
from rnntui.screens.strips import text
from rnntui.widgets.palette import ROLES, palette


def page(*arguments):
    return Help(palette("dark"), *arguments)._page().plain


def test_it_fits_into_76_columns():
    assert max(map(len, page().split("\n"))) <= 76
    assert max(map(len, page(BLAME_KEYS, "The blame matrix", BLAME_MARKS).split("\n"))) <= 76


def test_every_key_is_there_with_what_it_does():
    words = " ".join(page().split())
    for key in KEYS:
        assert " ".join(f"{key.shown} {key.help}".split()) in words


def test_every_mark_stands_on_a_line_of_its_own():
    lines = page().split("\n")
    for mark, meaning in MARKS:
        assert f"  {mark:<14}{meaning}" in lines, mark


@pytest.mark.parametrize("role", [role for role, _ in HUES])
def test_every_hue_is_a_role_of_the_palette(role):
    assert role in ROLES["dark"] and role in ROLES["light"]


def test_with_ascii_alone_no_key_looks_like_another():
    plain = Help(palette("dark", ascii=True))._page().plain
    for key in ("-> .", "<- ,", "j down", "k up"):
        assert f"\n  {key:<8}" in plain


async def test_how_it_is_scrolled_and_left_is_in_sight_at_once(app):
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("question_mark")
        await pilot.pause()
        last = text(app).splitlines()[-1]
        assert "PgDn scroll" in last and "esc closes" in last


def test_what_the_mouse_does_is_told_of_the_debugger():
    words = " ".join(page().split())
    for where, does in MOUSE:
        assert f"{where} {does}" in words
    assert "Mouse" not in page(BLAME_KEYS, "The blame matrix", BLAME_MARKS)
