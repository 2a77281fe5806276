"""The screen beside a minimal Textual app that changes one label, in one run: CPU and bytes a step, first paint, help,
a held key, memory. `python -m benchmarks.screen [--json FILE] [--long]`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from signal import SIGKILL
from statistics import median
from typing import Any

from benchmarks.player import Case
from benchmarks.terminal import PYTHON, Terminal

ROUNDS = 3
SHORT_WALK, LONG_WALK = 2_000, 20_000
HELD = 60
"""Keys of a held key, two seconds."""


@dataclass(frozen=True)
class Figure:
    """One number that was measured."""

    name: str
    value: float
    unit: str
    limit: float | None = None
    """The most it should be; None where it only stands for comparison."""
    relative: float | None = None
    """To the same of the minimal app."""

    @property
    def reached(self) -> bool:
        """Whether it is within its limit."""
        return self.limit is None or self.value <= self.limit


def play(case: Case, size: tuple[int, int]) -> dict[str, Any]:
    """Play a case in a terminal of its own."""
    result, ours = os.pipe()
    os.set_inheritable(ours, True)
    command = [*PYTHON, "-m", "benchmarks.player", json.dumps(asdict(case)), str(ours)]
    terminal = Terminal(command, size, {"TEXTUAL_ANIMATIONS": "none"})
    os.close(ours)
    ended = terminal.end()
    with os.fdopen(result) as lines:
        text = lines.read()
    if not text:
        raise RuntimeError(ended.output.decode(errors="replace")[-2000:])
    return dict(json.loads(text))


STEPS = (
    ("LSTM H=4 T=8 at 120×36", Case("lstm", 4, 8), (120, 36), 16.0, 10.0),
    ("RNN H=64 T=100 at 120×36", Case("rnn", 64, 100), (120, 36), 16.0, 10.0),
    ("LSTM H=64 T=1000 at 200×55", Case("lstm", 64, 1000, 40), (200, 55), 33.0, None),
)
"""(name, case, size, CPU milliseconds at most, kilobytes at most)."""


def step_figures() -> list[Figure]:
    """CPU and bytes of a step."""
    minimal: dict[tuple[int, int], list[float]] = {}
    cpu: dict[str, list[float]] = {}
    sent: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for size in dict.fromkeys(size for _, _, size, _, _ in STEPS):
            minimal.setdefault(size, []).append(median(play(Case(""), size)["cpu"]))
        for name, case, size, _, _ in STEPS:
            measured = play(case, size)
            cpu.setdefault(name, []).append(median(measured["cpu"]))
            sent.setdefault(name, []).append(median(measured["bytes"]) / 1e3)
    base = {size: median(values) for size, values in minimal.items()}
    figures = [Figure(f"minimal app, step at {w}×{h}", value, "ms CPU") for (w, h), value in base.items()]
    for name, _, size, most, most_sent in STEPS:
        value = median(cpu[name])
        figures.append(Figure(f"step, {name}", value, "ms CPU", most, value / base[size]))
        figures.append(Figure(f"sent a step, {name}", median(sent[name]), "kB", most_sent))
    return figures


def first_paint_figures() -> list[Figure]:
    """CPU until the first frame is there, and until the first with the debugger in it."""
    minimal = [*PYTHON, "-c", "from benchmarks.player import Minimal; Minimal().run()"]
    ours = [*PYTHON, "-m", "rnntui", "step"]
    values: dict[str, list[float]] = {"minimal": [], "first": [], "whole": []}
    for _ in range(2 * ROUNDS + 1):
        values["minimal"].append(_first_paint(minimal, lambda output: b"step 0" in output))
        values["first"].append(_first_paint(ours, lambda output: b"rnntui" in output))
        values["whole"].append(_first_paint(ours, lambda output: b"depth" in output and b"press" in output))
    base, first, whole = (median(values[name]) for name in ("minimal", "first", "whole"))
    return [
        Figure("minimal app, first paint", base, "ms CPU"),
        Figure("rnntui step, first paint", first / base, "× minimal", 1.5),
        Figure("rnntui step, first paint of the run", whole / base, "× minimal"),
    ]


def _first_paint(command: list[str], painted: Callable[[bytes], bool]) -> float:
    terminal = Terminal(command, (120, 36))
    if not terminal.read(60, painted):
        raise RuntimeError(terminal.output.decode(errors="replace")[-2000:])
    return terminal.end(SIGKILL).cpu * 1e3


def help_figures() -> list[Figure]:
    """CPU of --help, and what it imports."""
    values: dict[str, list[float]] = {"pass": [], "help": []}
    for _ in range(4 * ROUNDS + 1):
        values["pass"].append(_spent([*PYTHON, "-c", "pass"]))
        values["help"].append(_spent([*PYTHON, "-m", "rnntui", "--help"]))
    names = "textual numpy pydantic rich"
    check = (
        "import sys; from rnntui.cli import run; run(['--help']); "
        f"print(sum(name in sys.modules for name in {names!r}.split()), file=sys.stderr)"
    )
    found = subprocess.run([*PYTHON, "-c", check], capture_output=True, text=True, check=True)
    ratio = median(values["help"]) / median(values["pass"])
    return [
        Figure("rnntui --help", ratio, "× python -c pass", 4.0),
        Figure(f"of {names.replace(' ', ', ')} imported by --help", float(found.stderr), "modules", 0.0),
    ]


def _spent(command: list[str]) -> float:
    before = getrusage(RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = getrusage(RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def endurance_figures(keys: int) -> list[Figure]:
    """A held key, and memory."""
    held = ((("lstm", 4, 100), (120, 36)), (("lstm", 64, 1000), (200, 55)))
    left = [median(play(Case(*shape, HELD, "hold"), size)["left"] for _ in range(ROUNDS)) for shape, size in held]
    memory = play(Case("lstm", 4, 8, keys, "memory"), (120, 36))
    return [
        Figure("frames sent after a held key was let go, 120×36", left[0], "frames", 2.0),
        Figure("frames sent after a held key was let go, 200×55", left[1], "frames", 2.0),
        Figure(f"memory growth over {keys} random keys", memory["growth"] / 1e6, "MB", 5.0),
    ]


def table(figures: list[Figure]) -> str:
    """The figures as rows of text."""
    width = max(len(figure.name) for figure in figures)
    rows = []
    for figure in figures:
        relative = f"{figure.relative:.1f}× minimal" if figure.relative is not None else ""
        limit = "" if figure.limit is None else f"≤ {figure.limit:g}  {'ok' if figure.reached else 'NOT REACHED'}"
        rows.append(f"{figure.name:<{width}}  {figure.value:8.2f} {figure.unit:<16} {limit:<20} {relative}".rstrip())
    return "\n".join(rows)


def main() -> int:
    """Measure all; 1 where a limit is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screen", description=__doc__)
    parser.add_argument("--long", action="store_true", help=f"memory over {LONG_WALK} keys, not {SHORT_WALK}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--only", choices=("step", "paint", "help", "endurance"), help="one part")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed program is compiled once, not at every start
    parts: dict[str, Callable[[], list[Figure]]] = {
        "step": step_figures,
        "paint": first_paint_figures,
        "help": help_figures,
        "endurance": lambda: endurance_figures(LONG_WALK if options.long else SHORT_WALK),
    }
    figures = []
    for name, measure in parts.items():
        if options.only in (None, name):
            found = measure()
            figures += found
            print(table(found), flush=True)
    if options.json:
        options.json.write_text(json.dumps([asdict(figure) for figure in figures], indent=1, ensure_ascii=False))
    return 0 if all(figure.reached for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
