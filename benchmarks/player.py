"""Plays keys into an app that runs in a terminal, and measures from inside: CPU and bytes a frame, frames left over
when a key is let go, and memory. Run as a program of its own by `benchmarks.screen`."""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any, ClassVar

from textual import events
from textual.app import App, ComposeResult
from textual.drivers.linux_driver import LinuxDriver
from textual.widgets import Label

QUIET = 0.04
"""Seconds without a write after which a frame is whole."""
HOLD_RATE = 30
"""Keys a second that a held key sends."""


class Counting(LinuxDriver):
    """The driver for a terminal, counting what it sends."""

    now: ClassVar[Counting]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.bytes = 0
        self.writes = 0
        Counting.now = self

    def write(self, data: str) -> None:
        """Count, then send."""
        self.bytes += len(data.encode())
        self.writes += 1
        super().write(data)

    def press(self, key: str) -> None:
        """What the thread that reads the terminal does for a key."""
        character = key if len(key) == 1 else None
        self.process_message(events.Key(_NAMES.get(key, key), character))


_NAMES = {"+": "plus", "-": "minus", "!": "exclamation_mark", "?": "question_mark", ".": "full_stop", ",": "comma"}


class Minimal(App[None]):
    """One label, which says how often a key was pressed."""

    BINDINGS: ClassVar = [("right", "step", "step")]

    def __init__(self) -> None:
        super().__init__()
        self._steps = 0

    def compose(self) -> ComposeResult:
        yield Label("step 0")

    def action_step(self) -> None:
        self._steps += 1
        self.query_one(Label).update(f"step {self._steps}")


@dataclass(frozen=True)
class Case:
    """What is to be played."""

    cell: str
    """Empty for the minimal app."""
    hidden: int = 4
    T: int = 8
    steps: int = 60
    """Measured keys; half of them forward, half backward."""
    task: str = "step"
    """step, hold or memory."""


async def settled(seconds: float = QUIET) -> None:
    """Until nothing has been written for a while."""
    driver = Counting.now
    before = -1
    while before != driver.writes:
        before = driver.writes
        await asyncio.sleep(seconds)


async def measure_steps(goto: Callable[[int], Awaitable[None]], total: int, steps: int) -> dict[str, Any]:
    """CPU milliseconds and bytes of each step, around the middle of both passes."""
    cpu, sent = [], []
    for start in (total // 4, 3 * total // 4):
        await goto(max(0, start - steps // 4))
        await settled(0.2)
        for _ in range(steps // 2):
            bytes_before, before = Counting.now.bytes, process_time()
            Counting.now.press("right")
            await settled()
            cpu.append((process_time() - before) * 1e3)
            sent.append(Counting.now.bytes - bytes_before)
    return {"cpu": cpu, "bytes": sent}


async def measure_hold(keys: int) -> dict[str, Any]:
    """How many frames are sent after a held key was let go."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    for n in range(keys):
        await asyncio.sleep(max(0.0, start + n / HOLD_RATE - loop.time()))
        Counting.now.press("right")
    before = Counting.now.writes
    await settled(0.1)
    return {"left": Counting.now.writes - before}


async def measure_memory(keys: int, choose: Callable[[random.Random], str]) -> dict[str, Any]:
    """Growth of the resident set in bytes over `keys` random keys, after a tenth as many to warm up."""
    draw = random.Random(0)
    sizes = []
    for count in (max(500, keys // 10), keys):
        for n in range(count):
            Counting.now.press(choose(draw))
            if n % 8 == 0:
                await asyncio.sleep(0)
            if n % 100 == 0:
                await settled(0.02)
        await settled()
        sizes.append(_resident())
    return {"growth": sizes[1] - sizes[0], "resident": sizes[1]}


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Play the case given as JSON; write what was measured to the file descriptor given."""
    case, out = Case(**json.loads(sys.argv[1])), int(sys.argv[2])
    measured: dict[str, Any] = {}
    app, goto, total = _minimal() if not case.cell else _debugger(case)
    app.driver_class = Counting

    async def play(pilot: Any) -> None:
        await settled(0.3)
        match case.task:
            case "hold":
                await goto(total // 2 + 1)
                await settled(0.2)
                measured.update(await measure_hold(case.steps))
            case "memory":
                measured.update(await measure_memory(case.steps, lambda draw: draw.choice(KEYS)))
            case _:
                measured.update(await measure_steps(goto, total, case.steps))
        app.exit()

    app.run(auto_pilot=play)
    os.write(out, json.dumps(measured).encode())


KEYS = (
    "right",
    "left",
    "n",
    "N",
    "f",
    "F",
    "h",
    "j",
    "k",
    "l",
    "0",
    "e",
    "+",
    "-",
    "t",
    "home",
    "end",
    "right",
    "!",
    ".",
)


def _minimal() -> tuple[App[Any], Callable[[int], Awaitable[None]], int]:
    async def goto(position: int) -> None:
        pass

    return Minimal(), goto, 0


def _debugger(case: Case) -> tuple[App[Any], Callable[[int], Awaitable[None]], int]:
    import bptt
    from bptt.run import Run
    from rnntui.app import DebuggerApp
    from rnntui.session import Session
    from rnntui.sources import from_text

    letters = "hello world, said the fox; " * (case.T // 27 + 1)
    source = from_text(letters, length=case.T + 1)
    model = bptt.Model.create(
        bptt.CELLS[case.cell], inputs=source.inputs, hidden=case.hidden, outputs=source.outputs, seed=0
    )
    session = Session(Run(model, source.x, source.y), source)

    async def goto(position: int) -> None:
        while session.run.filled < session.total:
            await asyncio.sleep(0.1)
        session.goto(position)

    return DebuggerApp(session), goto, session.total


if __name__ == "__main__":
    main()
