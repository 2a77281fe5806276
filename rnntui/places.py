"""Places on a run, as people write them: `backward t=5 h`, `b5 ∇h`, `#60`, `start`, `end`, `nan`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from bptt.run import Run
from bptt.schedule import Phase

_PHASES: dict[str, Phase] = {"forward": "forward", "f": "forward", "backward": "backward", "b": "backward"}
_SHORT = re.compile(r"([fb])(\d+|T)")
_TIME = re.compile(r"t=(\d+|T)")
_GRADIENT = re.compile(r"(?:∇|grad\()\s*(\w+)(?:\[[^\]]*\])?\)?")
EXAMPLES = "backward t=5 h, b5 ∇h, forward t=3, #60, start, end or nan"


class PlaceError(ValueError):
    """A place that cannot be read or that the run does not have; the message is one line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A place as written: what is left out is taken from where the cursor stands."""

    phase: Phase | None = None
    t: str = ""
    name: str = ""
    position: int | None = None
    word: str = ""
    """start, end or nan."""


def parse_place(text: str) -> Wanted:
    """Read a place. Raises PlaceError."""
    words = text.replace("t =", "t=").replace("= ", "=").split()
    if not words:
        raise PlaceError(f"a place is missing: write {EXAMPLES}")
    if len(words) == 1 and words[0] in ("start", "end", "nan"):
        return Wanted(word=words[0])
    if len(words) == 1 and re.fullmatch(r"#\d{1,12}", words[0]):
        return Wanted(position=int(words[0][1:]))
    phase: Phase | None = None
    t = name = ""
    for word in words:
        if word in _PHASES and phase is None:
            phase = _PHASES[word]
        elif (short := _SHORT.fullmatch(word)) and phase is None and not t:
            phase, t = _PHASES[short[1]], short[2]
        elif (time := _TIME.fullmatch(word)) and not t:
            t = time[1]
        elif (gradient := _GRADIENT.fullmatch(word)) and not name:
            phase, name = phase or "backward", gradient[1]
            if phase == "forward":
                raise PlaceError(f"{word} is computed in the backward phase, not in the forward one")
        elif re.fullmatch(r"\w+", word) and not name and not word.isdigit():
            name = word
        else:
            raise PlaceError(f"cannot read {word!r} in the place {text!r}: write {EXAMPLES}")
    return Wanted(phase, t, name)


def position_of(run: Run, wanted: Wanted, position: int) -> int:
    """The position at which the wanted step has just been computed, seen from `position`. Raises PlaceError."""
    if wanted.word == "start":
        return 0
    if wanted.word == "end":
        return len(run)
    if wanted.word == "nan":
        found = run.first_nonfinite()
        if found is None:
            raise PlaceError("every value of this run is finite: there is no NaN to go to")
        return found + 1
    if wanted.position is not None:
        if wanted.position > len(run):
            raise PlaceError(f"#{wanted.position} does not exist: the run ends at #{len(run)}")
        return wanted.position
    here = run.schedule.place(max(0, position - 1))
    phase = wanted.phase or ("backward" if here.phase == "backward" else "forward")
    if wanted.t:
        t = run.T if wanted.t == "T" else int(wanted.t)
    elif wanted.phase and wanted.phase != here.phase:
        within = run.schedule.pass_of(here.number)
        t = within.losses_from if phase == "forward" else within.hi
    else:
        t = here.t
    if not 1 <= t <= run.T:
        raise PlaceError(f"t={t} does not exist: this run has t=1…{run.T}")
    index = run.schedule.index(phase, t, wanted.name, position)
    if index is None:
        raise PlaceError(_no_step(run, phase, wanted.name))
    return index + 1


def _no_step(run: Run, phase: Phase, name: str) -> str:
    steps = run.schedule.forward if phase == "forward" else run.schedule.backward
    names = list(dict.fromkeys(equation.target for equation in steps))
    if name in run.model.cell.definitions and phase == "backward":
        return f"∇{name} has no step: the loss does not depend on {name}"
    near = get_close_matches(name, names, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
    return f"no {phase} step computes {name!r}; {hint}"
