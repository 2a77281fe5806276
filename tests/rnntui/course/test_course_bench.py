"""What a lesson works on: cells, data and numbers that cannot be used are named at their place in the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bptt.tasks import TASKS
from rnntui.course.script import Script

Faults = Callable[[str], list[str]]
Open = Callable[[str], Script]

HEAD = "id: a\ntitle: A\n"
TAIL = "steps:\n  - say: hello\n  - expect: loss > 0\n"


def lesson(model: str, data: str = 'data: {text: "hello"}\n') -> str:
    return f"{HEAD}{model}{data}{TAIL}"


@pytest.mark.parametrize(
    ("model", "fault"),
    [
        ("model: {cell: lsmt}\n", "3:15: no built-in cell is called 'lsmt'; did you mean lstm"),
        (
            "model:\n  equations: |\n    k[t] = tanh(A @ x[t])\n    m[t] = tan(1)\n",
            "6:12: no function is called",
        ),
        ("model:\n  equations: k[t] = tanh(A @ x[t] + m[t-1])\n", "4:37: no equation defines 'm'"),
        ("model:\n  cell: rnn\n  init: {Q: 1}\n", "no parameter is called 'Q'"),
        ("model:\n  cell: rnn\n  hidden: 2\n  init:\n    W: [[1, 2]]\n", "7:8: got shape (1, 2), expected (2, 2)"),
        ("model:\n  cell: rnn\n  init: {W: wild}\n", "no scheme is called 'wild'"),
        ("model:\n  cell: rnn\n  initial: {k: [1]}\n", "5:12: 'k' is not a variable in rnn"),
        ("model:\n  cell: rnn\n  hidden: 2\n  initial: {h: [1, 2, 3]}\n", "6:16: got shape (3,), expected (2,)"),
        ("model:\n  cell: rnn\n  hidden: 4096\n", "ok"),
        (
            "model:\n  hidden: 2\n  equations: |\n    k[t] = A @ x[t]\n    e[t] = squared_error(k[t], y[t])\n",
            "8:7: the loss squared_error takes values, and the data gives classes",
        ),
        ("model: {}\n", "3:8: give either cell (a built-in name) or equations: one of them, not both"),
    ],
)
def test_a_model_that_cannot_be_made_has_its_place(model: str, fault: str, faults: Faults, opened: Open) -> None:
    if fault == "ok":
        assert opened(lesson(model)).run.model.hidden == 4096
        return
    found = faults(lesson(model))
    assert len(found) == 1
    assert fault in found[0]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        ("data: {text: " + "ab" * 600 + "}\n", "more than 1,000 characters: give length 200"),
        ("data: {text: hello, length: 9}\n", "4:14: reads 0…9, but there are only 5 characters: give length 5"),
        ("data: {csv: none.csv, column: a}\n", "4:13: no such file"),
        ("data: {task: ading}\n", "4:14: no task is called 'ading'; did you mean adding?"),
        ("data: {task: copy, length: 4}\n", "4:28: got 4, expected a whole number 9…"),
        ("data: {text: hello, seed: 4}\n", "4:21: a seed belongs to a task"),
        ("data: {csv: /etc/passwd, column: a}\n", "4:13: /etc/passwd lies outside the lesson's folder"),
        ("data: {csv: ../up.csv, column: a}\n", "4:13: ../up.csv lies outside the lesson's folder"),
        ("data: {csv: link.csv, column: a}\n", "4:13: link.csv lies outside the lesson's folder"),
        ("data: {csv: bad.csv, column: a}\n", "bad.csv:3: column 'a': 'x' is not a number"),
        ("data: {csv: bad.csv}\n", "4:8: csv and column belong together: give both"),
        ("data: {x: [[1.0], [2.0]], y: [1]}\n", "4:30: 1 targets for 2 inputs"),
        ("data: {x: [[1.0], [2.0, 3.0]], y: [1, 0]}\n", "4:11: expected a list of whole numbers, or of rows"),
        ("data: {x: [a, b], y: [1, 0]}\n", "4:11: expected a list of whole numbers"),
        ("data: {x: [[1.0]], y: [99999]}\n", "4:23: makes 100,000 classes or units"),
    ],
)
def test_data_that_cannot_be_used_is_named_at_its_place(data: str, fault: str, faults: Faults, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("a\n1\nx\n")
    (tmp_path.parent / "up.csv").write_text("a\n1\n2\n")
    (tmp_path / "link.csv").symlink_to(tmp_path.parent / "up.csv")
    found = faults(lesson("model: {cell: rnn}\n", data))
    assert len(found) == 1
    assert fault in found[0]


def test_data_of_the_lesson_s_folder_is_read(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "s.csv").write_text("# source\na,b\n1,5\n2,6\n3,7\n")
    script = opened(lesson("model: {cell: rnn, hidden: 1}\n", "data: {csv: data/s.csv, column: b}\n"))
    assert np.array_equal(script.source.x, [[5], [6]])
    assert np.array_equal(script.source.y, [[6], [7]])


def test_numbers_in_the_file_are_classes_where_whole_and_values_where_not(opened: Open) -> None:
    script = opened(lesson("model: {cell: rnn}\n", "data: {x: [0, 2, 1], y: [1, 0, -1]}\n"))
    assert (script.source.inputs, script.source.outputs, script.source.kind) == (3, 2, "classes")
    script = opened(lesson("model: {cell: rnn}\n", "data: {x: [[1, 2]], y: [0.5]}\n"))
    assert (script.source.inputs, script.source.outputs, script.source.kind) == (2, 1, "values")


def test_a_run_over_the_limits_is_refused_before_anything_is_allocated(faults: Faults) -> None:
    text = lesson("model:\n  cell: lstm\n  hidden: 4096\n", f"data: {{text: {'ab' * 400}}}\n")
    assert "5:11: the run would take" in faults(text)[0]


def test_a_state_starts_where_the_lesson_says(opened: Open) -> None:
    model = "model:\n  cell: lstm\n  hidden: 1\n  initial: {s: [2]}\n"
    assert opened(lesson(model)).run.read("s", 0)[0, 0] == 2


def test_wrong_cell_and_wrong_data_are_both_named(faults: Faults) -> None:
    assert [line[:4] for line in faults(lesson("model: {cell: q}\n", "data: {text: hello, offset: 9}\n"))] == [
        "3:15",
        "4:14",
    ]


def test_a_task_is_drawn_with_its_own_seed(opened: Open) -> None:
    script = opened(lesson("model: {cell: rnn, seed: 9}\n", "data: {task: recall, length: 6, batch: 3, seed: 1}\n"))
    x, y = TASKS["recall"].make(6, 3, seed=1)
    assert np.array_equal(script.source.x, x)
    assert np.array_equal(script.source.y, y)
    assert (script.run.model.seed, script.run.B) == (9, 3)


def test_a_text_can_be_a_batch(opened: Open) -> None:
    script = opened(lesson("model: {cell: rnn}\n", "data: {text: abcabc, batch: 2}\n"))
    assert (script.run.T, script.run.B) == (2, 2)


def test_a_lesson_may_stack_its_cell(opened: Open, faults: Faults) -> None:
    model = opened(lesson("model: {cell: gru, layers: 2, initial: {h1: [1, 2, 3, 4]}}\n")).run.model
    assert (model.layers, model.parameters["U2"].shape) == (2, (4, 4))
    (fault,) = faults(lesson("model: {cell: gru, layers: 33}\n"))
    assert "3:28: got 33" in fault
    text = "model:\n  layers: 2\n  equations: |\n    k[t] = tanh(A @ x[t])\n"
    (fault,) = faults(lesson(text))
    assert fault.endswith("4:11: the cell has no state: there is nothing to stack")
