"""A generated task as a source."""

from __future__ import annotations

from bptt.errors import InputError as TaskError
from bptt.tasks import find
from rnntui.safe import InputError
from rnntui.sources.source import Source


def from_task(name: str, length: int | None = None, batch: int = 1, seed: int = 0) -> Source:
    """The first batch of a task's stream; without a length the one that the task proposes.

    A single sequence has no batch axis. Raises InputError by the option that is at fault."""
    try:
        task = find(name)
        stream = task.stream(length, batch, seed)
        x, y = stream[0]
    except TaskError as error:
        raise InputError(f"--{error.argument}", "", error.reason) from None
    tokens = tuple(task.symbols[code] for code in x[:, 0]) if task.symbols else None
    return Source(
        x=x[:, 0] if batch == 1 else x,
        y=y[:, 0] if batch == 1 else y,
        tokens=tokens,
        # one list names inputs and classes alike
        vocabulary=task.symbols or None if task.answers == task.symbols[: task.outputs] else None,
        inputs=task.inputs,
        outputs=task.outputs,
        kind=task.kind,
        title=f"{task.name} {len(x)}",
        description={"source": "task", "task": task.name, "length": len(x), "batch": batch, "seed": seed},
        stream=stream,
    )
