"""Tables of a lesson: runs of cases beside each other, and entries of recorded files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from rnntui.course.script import Script, open_script
from rnntui.safe import InputErrors

RESULTS = {
    "made_by": "python -m odd",
    "right": {"label": "nothing is wrong", "lost": 0.25, "of": {"q": 3}},
    "wrong": {"lost": 12, "of": {"q": 20}},
    "late": {"of": {"q": 1}},
    "a b": {"lost": 1},
}


@pytest.fixture
def opened_with(tmp_path: Path, odd_lesson: str) -> Callable[[str], Script]:
    """Opens the odd lesson with a table at its end, below recorded results."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "odd.json").write_text(json.dumps(RESULTS))

    def open_table(table: str) -> Script:
        path = tmp_path / "lesson.yaml"
        recorded = "recorded: {faults: data/odd.json}\ncases: {twice: {hidden: 2}}\nsteps:\n"
        text = odd_lesson.replace("steps:\n", recorded, 1)
        path.write_text(text.replace("  - say: The end.\n", f"  - say: The end.\n    table: {table}\n"))
        return open_script(path)

    return open_table


def test_a_recorded_table_has_a_row_for_each_entry_called_by_its_label(opened_with) -> None:
    script = opened_with("{recorded: faults, columns: {lost: lost, of 20: of.q}}")
    assert script.table(script.stops[-1]) == (
        "                  lost  of 20",
        "─────────────────────────────",
        "nothing is wrong  0.25      3",
        "wrong               12     20",
        "late                 —      1",
    )


def test_it_shows_the_rows_that_are_named_in_their_order(opened_with) -> None:
    script = opened_with("{recorded: faults, columns: {of 20: of.q}, rows: [late, right]}")
    assert [line.split()[0] for line in script.table(script.stops[-1])[2:]] == ["late", "nothing"]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ("{recorded: fault, columns: {a: lost}}", "'fault' is no table of recorded results; did you mean faults?"),
        ("{recorded: faults.right.lost, columns: {a: lost}}", "give one that holds objects"),
        ("{recorded: faults, columns: {a: lots}}", "no entry of faults has a number 'lots'"),
        ("{recorded: faults, columns: {a: label}}", "no entry of faults has a number 'label'"),
        ("{recorded: faults, columns: {a: lost}, rows: [rigth]}", "faults has no entry 'rigth'; did you mean right?"),
        ("{columns: {a: loss}, rows: [twcie]}", "no case is called 'twcie'; did you mean twice?"),
        ('{columns: {a: "mis[1]"}}', "odd has no variable or parameter 'mis'; did you mean 'miss'?"),
    ],
)
def test_what_is_wrong_with_a_table_is_named_once_at_its_place(table: str, reason: str, opened_with) -> None:
    with pytest.raises(InputErrors) as raised:
        opened_with(table)
    (line,) = raised.value.lines()
    assert reason in line
    assert "lesson.yaml:34:" in line
