"""A picture of the screen needs nothing else and has every letter at its place."""

from xml.etree import ElementTree

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from rnntui.screens.svg import HEIGHT, WIDTH, svg

NAME = "{http://www.w3.org/2000/svg}"
INK, GROUND = "#e8ecf3", "#0e1116"


def parts(*rows):
    picture = svg([Strip(row) for row in rows], INK, GROUND)
    root = ElementTree.fromstring(picture)
    return picture, root.findall(f"{NAME}text"), root.findall(f"{NAME}rect")[1:]


def box(rect):
    return tuple(float(rect.get(name)) for name in ("x", "y", "width", "height"))


def test_every_letter_stands_in_its_cell_and_blanks_are_left_out():
    _, texts, rects = parts([Segment("ab  c")], [Segment(" d")])
    assert [(text.text, text.get("x")) for text in texts] == [("abc", f"0 {WIDTH} {4 * WIDTH}"), ("d", f"{WIDTH}")]
    assert rects == []


def test_letters_of_two_cells_take_two():
    _, texts, _ = parts([Segment("あb")])
    assert (texts[0].text, texts[0].get("x")) == ("あb", f"0 {2 * WIDTH}")


@pytest.mark.parametrize(
    ("glyph", "expected"),
    [
        ("█", (0, 0, WIDTH, HEIGHT)),
        ("▀", (0, 0, WIDTH, HEIGHT / 2)),
        ("▂", (0, HEIGHT * 3 / 4, WIDTH, HEIGHT / 4)),
        ("▐", (WIDTH / 2, 0, WIDTH / 2, HEIGHT)),
        ("▏", (0, 0, WIDTH / 8, HEIGHT)),
        ("─", (0, HEIGHT / 2 - 0.75, WIDTH, 1.5)),
        ("┃", (WIDTH / 2 - 1.5, 0, 3, HEIGHT)),
    ],
)
def test_blocks_and_lines_are_shapes(glyph, expected):
    _, texts, rects = parts([Segment(glyph)])
    assert texts == []
    assert [box(rect) for rect in rects] == [pytest.approx(expected)]


def test_neighbours_make_one_shape_without_seams():
    _, _, rects = parts([Segment("███──")])
    assert [box(rect)[:3] for rect in rects] == [(0, 0, 3 * WIDTH), (3 * WIDTH, HEIGHT / 2 - 0.75, 2 * WIDTH)]


def test_a_corner_meets_its_neighbours():
    _, _, rects = parts([Segment("╭")])
    across, down = map(box, rects)
    assert across[0] + across[2] == WIDTH and down[1] + down[3] == HEIGHT


def test_colours_weight_and_reversal_are_those_of_the_style():
    style = Style(color="#ff0000", bgcolor="#00ff00", bold=True, italic=True)
    _, (first, second), (behind, reversed_behind) = parts(
        [Segment("a", style), Segment("b", style + Style(reverse=True))]
    )
    assert (first.get("fill"), behind.get("fill")) == ("#ff0000", "#00ff00")
    assert (second.get("fill"), reversed_behind.get("fill")) == ("#00ff00", "#ff0000")
    assert first.get("font-weight") == "bold" and first.get("font-style") == "italic"


def test_nothing_is_live_and_nothing_is_fetched():
    picture, texts, _ = parts([Segment('<script>&"]]>[@click=x]')])
    assert texts[0].text == '<script>&"]]>[@click=x]'
    assert picture.count("http") == 1 and "url(" not in picture and "@" not in picture.replace("[@click", "")
