"""A duel as lines of text: what it compares, a row a time, and what is kept in one sentence."""

from __future__ import annotations

from rnntui.duel import LETTERS, Duel
from rnntui.explain.marks import HIDDEN, Mark
from rnntui.reports.step_text import token_text
from rnntui.safe import clean
from rnntui.session import Session
from rnntui.standing import few, many, quotient

_COLUMN = 10


def duel_lines(duel: Duel) -> list[str]:
    """The two sides, a table of both norms and how they compare at every time, and the sentence."""
    seen, standing = duel.frame, duel.standing
    sides = (standing.a, standing.b)
    lines = [
        f"{letter}  {_described(session)}   by {side.label}"
        for letter, session, side in zip(LETTERS, duel.sides, sides, strict=True)
    ]
    a = duel.sides[0]
    reads = f"on {a.source.title}, " if a.source else ""
    batch = f", sequence {seen.a.sequence + 1} of {a.run.B}" if a.run.B > 1 else ""
    lines += [f"{reads}T = {a.run.T}{batch}; {_losses(a)}", ""]
    tokens = [token_text(a.run, a.source, "x", t, a.sequence) for t in range(1, a.run.T + 1)]
    width = max(len("x"), *map(len, tokens)) if any(tokens) else 0
    heads = [f"{side.label} {side.letter}" for side in sides]
    lines.append(f"{'t':>5}  {'x':<{width}}  " * bool(width) + f"{'t':>5}  " * (not width) + _row(*heads, "B / A"))
    for t, token in enumerate(tokens, 1):
        pair = [side.norm(t) for side in sides]
        given = f"{token:<{width}}  " if width else ""
        lines.append(f"{t:>5}  {given}{_row(*map(_number, pair), _ratio(*pair))}")
    return [*lines, "", standing.sentence]


def _described(session: Session) -> str:
    model = session.run.model
    layers = f" in {model.layers} layers" if model.layers > 1 else ""
    drawn = "" if model.seed is None else f", seed {model.seed}"
    return f"{clean(session.title)}, hidden {model.hidden}{layers}{drawn}"


def _losses(session: Session) -> str:
    """Which times have a loss."""
    y, sequence = session.run.y, session.sequence
    there = [t for t, row in enumerate(y[:, sequence], 1) if (row >= 0 if y.ndim == 2 else (row == row).all())]
    if not there:
        return "no time has a loss"
    return f"the loss is at t={there[0]} alone" if len(there) == 1 else f"{len(there)} times have a loss"


def _row(*texts: str) -> str:
    return "  ".join(f"{text:>{_COLUMN}}" for text in texts)


def _number(norm: float | Mark) -> str:
    return ("hidden" if norm is HIDDEN else "·") if isinstance(norm, Mark) else few(norm)


def _ratio(a: float | Mark, b: float | Mark) -> str:
    if isinstance(a, Mark) or isinstance(b, Mark):
        return ""
    times = quotient(b, a)
    return many(times) if times == times and times not in (0, float("inf")) else few(times)
