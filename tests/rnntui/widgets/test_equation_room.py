"""Rows of the equation pane: no two parts share one, and what matters most has its rows first."""

from itertools import product

import pytest

from rnntui.widgets.equation_room import Wants, divide, free_place, rows_for_tiles, steady


def parts(room):
    return [span for span in (room.line, room.tiles, room.drill, room.sentence, room.next) if span]


def test_parts_stand_in_order_and_share_no_row():
    for height, line, tiles, least, most, sentence in product(
        range(1, 45, 3), (1, 2, 5), (0, 5, 13), (0, 2, 4), (4, 11, 60), (0, 1, 4)
    ):
        room = divide(height, Wants(line, tiles, least, most, sentence))
        rows = [row for span in parts(room) for row in range(span.top, span.top + span.rows)]
        assert rows == sorted(set(rows))
        assert rows[0] >= 0 and rows[-1] < height


def test_a_drawer_of_eight_rows_holds_the_line_the_tiles_and_what_comes_next():
    room = divide(8, Wants(line=2, tiles=5, least_drill=4, most_drill=11, sentence=2))
    assert (room.line.rows, room.tiles.rows, room.next.rows) == (2, 5, 1)
    assert room.drill is None and room.sentence is None


def test_a_side_column_holds_every_part_whole_and_sets_them_apart():
    room = divide(33, Wants(line=3, tiles=5, least_drill=4, most_drill=11, sentence=3))
    assert (room.tiles.rows, room.drill.rows, room.sentence.rows) == (5, 11, 3)
    assert room.drill.top > room.tiles.top + room.tiles.rows
    assert room.sentence.top > room.drill.top + room.drill.rows
    assert room.next.top == 32


def test_the_drill_is_opened_before_the_sentence_has_its_rows():
    room = divide(20, Wants(line=3, tiles=5, least_drill=4, most_drill=11, sentence=3))
    assert room.drill.rows == 11 and room.sentence is None


def test_a_drill_without_its_least_rows_is_left_out():
    assert divide(9, Wants(line=2, tiles=5, least_drill=4, most_drill=4)).drill is None


@pytest.mark.parametrize("depth", [1, 3])
def test_two_of_the_depths_have_no_tiles(depth):
    assert rows_for_tiles(40, depth, 2) == 0


def test_tiles_leave_room_for_a_drill_only_in_a_tall_pane():
    assert rows_for_tiles(8, 0, 2) == 6
    assert rows_for_tiles(33, 0, 3) == 20
    assert rows_for_tiles(33, 2, 3) == 30


def test_tiles_stay_where_they_are_whether_the_line_has_names_or_not():
    assert {steady(line, 5, 33) for line in (1, 2, 3)} == {3}
    assert {steady(line, 5, 8) for line in (1, 2)} == {2}
    assert steady(1, 7, 8) == 1


def test_a_free_place_lies_below_all_else_or_right_of_the_tiles():
    tall = divide(33, Wants(line=3, tiles=5, least_drill=4, most_drill=4, sentence=2))
    place = free_place(tall, width=49, height=33, tiles_width=40)
    assert place.top > tall.sentence.top + tall.sentence.rows
    assert place.top + place.rows <= tall.next.top
    flat = divide(8, Wants(line=2, tiles=5))
    place = free_place(flat, width=80, height=8, tiles_width=20)
    assert (place.top, place.rows) == (flat.tiles.top, 5)
    assert place.left > 20 and place.left + place.width <= 80
    assert free_place(flat, width=80, height=8, tiles_width=60) is None
