"""A canvas is never wider than it was made, whatever is put on it."""

from rich.cells import cell_len
from rich.style import Style

from rnntui.widgets.canvas import Canvas

PLAIN, BOLD = Style(), Style(bold=True)


def text(canvas):
    return ["".join(segment.text for segment in row) for row in canvas.rows()]


def test_what_lies_outside_is_left_out():
    canvas = Canvas(5, 2, PLAIN)
    assert canvas.put(3, 0, "abc", BOLD) == 6
    canvas.put(-1, 1, "xyz", BOLD)
    canvas.put(0, 2, "below", BOLD)
    canvas.put(9, 0, "right", BOLD)
    assert text(canvas) == ["   ab", "yz   "]


def test_letters_of_two_cells_and_of_none_keep_the_width():
    canvas = Canvas(6, 3, PLAIN)
    canvas.put(0, 0, "漢字x", BOLD)
    canvas.put(5, 1, "漢", BOLD)
    canvas.put(0, 2, "s\N{COMBINING TILDE}t", BOLD)
    rows = text(canvas)
    assert [cell_len(row) for row in rows] == [6, 6, 6]
    assert rows == ["漢字x ", "      ", "s\N{COMBINING TILDE}t    "]


def test_neighbours_of_one_style_are_one_segment():
    canvas = Canvas(6, 1, PLAIN)
    canvas.put(1, 0, "ab", BOLD)
    canvas.put(3, 0, "c", BOLD)
    assert [(segment.text, segment.style) for segment in canvas.rows()[0]] == [
        (" ", PLAIN),
        ("abc", BOLD),
        ("  ", PLAIN),
    ]


def test_a_canvas_without_cells_is_drawn_too():
    canvas = Canvas(0, 1, PLAIN)
    canvas.put(0, 0, "a", BOLD)
    assert text(canvas) == [""]
