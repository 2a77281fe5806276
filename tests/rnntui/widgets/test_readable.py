"""Colours that can be read on others."""

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.color import Color

from rnntui.widgets.palette import contrast
from rnntui.widgets.readable import LEAST, Readable, away

COLOURS = ["#000000", "#ffffff", "#777777", "#59c2ff", "#b07a12", "#0e1116", "#e8559a"]


@pytest.mark.parametrize("depth", ["all", "256"])
@pytest.mark.parametrize("ground", COLOURS)
@pytest.mark.parametrize("ink", COLOURS)
def test_every_ink_can_be_read_on_every_ground(ink, ground, depth):
    assert contrast(away(ink, ground, depth), ground) >= LEAST


def test_what_can_be_read_stays():
    assert away("#8a94a6", "#0e1116") == "#8a94a6"


def test_a_colour_is_moved_as_little_as_is_needed():
    moved = away("#5f6b80", "#0e1116")
    assert contrast("#5f6b80", "#0e1116") < LEAST <= contrast(moved, "#0e1116") < LEAST + 0.8


def test_letters_are_changed_and_shapes_are_not():
    style = Style(color="#333333", bgcolor="#222222")
    letters, shapes, reverse = Readable().apply(
        [Segment("h₃ →", style), Segment("▀▀ ─", style), Segment("a", style + Style(reverse=True))],
        Color.parse("#222222"),
    )
    assert letters.style.color != style.color and letters.style.bgcolor == style.bgcolor
    assert shapes.style == style
    assert contrast(reverse.style.bgcolor.get_truecolor().hex, "#333333") >= LEAST
