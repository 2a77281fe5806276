"""`rnntui tasks`: a line a task."""

from __future__ import annotations

from bptt.tasks import TASKS


def test_every_task_has_a_line_that_says_what_is_shown_and_asked(piped) -> None:
    done = piped("tasks")
    assert (done.returncode, done.stderr) == (0, "")
    assert [tuple(line.split(maxsplit=1)) for line in done.stdout.splitlines()] == [
        (name, task.about) for name, task in TASKS.items()
    ]


def test_a_task_is_stepped_through_by_its_symbols(piped) -> None:
    done = piped("step", "--task", "recall", "--length", "5", "--seed", "1", given="step 1\n")
    assert done.returncode == 0
    assert "rnn on recall 5" in done.stdout
    first = "AB"[TASKS["recall"].make(5, seed=1).x[0, 0]]
    assert f"x = '{first}'" in done.stdout
