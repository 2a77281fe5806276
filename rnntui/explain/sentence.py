"""What one step did, as a plain sentence with the numbers of one unit: for screen readers, logs and the plain mode."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bptt.cell import Cell
from bptt.expressions import Expression, Grad, Loss, LossSlope, Number, Product, Var, multiply
from bptt.numerals import cell_text, number, scientific, unit_text
from rnntui.explain.explained import Explained, NamedTerm
from rnntui.explain.factors import factor_in_words, share_in_words
from rnntui.explain.labels import Labels
from rnntui.explain.marks import HIDDEN, Read
from rnntui.explain.ranges import within_one
from rnntui.explain.roles import Job, roles_of
from rnntui.explain.tile_items import Opener

LONGEST_LIST = 5
"""Terms that are listed; the smaller ones beyond are summed up."""
_JOBS: dict[Job, str] = {
    "keep": "how much of the old memory stays",
    "take in": "how much new content is taken in",
    "reset": "how much of the past the candidate may see",
    "show": "how much of the memory is shown",
    "scale": "how strongly a signal passes",
}
_WHAT = {
    "candidate": "The new content offered, ",
    "belt": "The memory ",
    "state": "The state ",
    "pre": "The sum ",
    "logits": "The score ",
}


@np.errstate(all="ignore")
def sentence_of(
    cell: Cell,
    explained: Explained,
    read: Read,
    unit: int,
    tokens: Sequence[str] | None = None,
    vocabulary: Sequence[str] | None = None,
    batch: int = 1,
) -> str:
    """The step in words, for one unit. Where something hidden or not yet computed goes into it, it says so and has no
    number of a unit.

    `tokens`: the input at t = 1, 2, …; `vocabulary`: the name of each class; `batch`: how many sequences
    there are, of which one is spoken of."""
    return _Speaker(cell, explained, read, max(0, unit), Labels(cell, tokens, vocabulary), batch).sentence()


class _Speaker:
    """Puts one step into words."""

    def __init__(self, cell: Cell, explained: Explained, read: Read, unit: int, labels: Labels, batch: int) -> None:
        self._cell = cell
        self._batch = batch
        self._roles = roles_of(cell)
        self._explained = explained
        self._terms = explained.terms
        self._labels = labels
        self._opener = Opener(cell, explained.t, read, labels)
        self._unit = unit

    def sentence(self) -> str:
        kind = self._explained.kind
        target: tuple[Expression, ...] = ()
        if kind != "parameter":
            target = (Var(self._explained.target) if kind == "forward" else Grad(self._explained.target),)
        for expression in (*target, *(part for term in self._terms for part in term.expressions)):
            _, mark = self._opener.read((expression,))
            if mark is not None:
                reason = "hidden until you answer" if mark is HIDDEN else "not computed yet"
                return f"{self._name()} at t={self._explained.t} is {reason}."
        if kind == "parameter":
            return self._share()
        return self._forward() if kind == "forward" else self._gradient()

    # -- the parts of speech

    def _name(self) -> str:
        """`∇h`, without time and unit."""
        target = self._explained.target
        match self._explained.kind:
            case "forward":
                return self._labels.timeless(Var(target))
            case "gradient":
                return self._labels.timeless(Grad(target))
        return f"∇{self._labels.matrix(target)}"

    def _subject(self) -> str:
        """`∇h[1] at t=4`; the index is left out where there is one unit only."""
        target, gradient = self._explained.target, self._explained.kind == "gradient"
        index = self._labels.index(self._opener.read((Var(target),))[0], Var(target), self._unit)
        what = "" if gradient else _WHAT.get(self._roles.kinds.get(target, ""), "")
        return f"{what}{self._name()}{index} at t={self._explained.t}"

    def _value(self, *expressions: Expression) -> float:
        """The unit's number of a sum of expressions."""
        values, _ = self._opener.read(expressions)
        return float(values.flat[min(self._unit, values.size - 1)])

    def _list(self) -> str:
        """`−.12 keep, +.16 take in`: a bias of 0 is left out, the smallest of many terms are summed up."""
        found = [(self._value(*term.expressions), term) for term in self._terms]
        found = [(value, term) for value, term in found if value or term.colour != "muted"]
        if len(found) > LONGEST_LIST:
            largest = sorted(range(len(found)), key=lambda n: -abs(found[n][0]))
            kept = sorted(largest[: LONGEST_LIST - 1])
            rest = sum(found[n][0] for n in largest[LONGEST_LIST - 1 :])
            said = [f"{signed(found[n][0])} {_unbroken(found[n][1])}" for n in kept]
            return ", ".join([*said, f"{signed(rest)} from {len(found) - len(kept)} more"])
        return ", ".join(f"{signed(value)} {_unbroken(term)}" for value, term in found) or "nothing is added"

    # -- forward

    def _forward(self) -> str:
        target = self._explained.target
        value = self._value(Var(target))
        if target == self._roles.probability:
            return f"The scores become probabilities: {self._subject()} is {share(value)}."
        if target in self._roles.gate_jobs:
            return self._gate(value)
        only = self._terms[0] if len(self._terms) == 1 else None
        if only is None or self._explained.function:
            return self._sum(value)
        if isinstance(only.expressions[0], Loss):
            return self._loss(only.expressions[0], value)
        return f"{self._subject()} is {signed(value)}: {self._product(only)}."

    def _sum(self, value: float) -> str:
        opening = f"{self._subject()} is {signed(value)}: "
        if not self._explained.function:
            return f"{opening}{self._list()}."
        name = self._labels.function(self._explained.function)
        total = self._value(*(expression for term in self._terms for expression in term.expressions))
        if len(self._terms) == 1:
            return f"{opening}{name} of {self._labels.timeless(self._terms[0].expressions[0])}, {signed(total)}."
        return f"{opening}{self._list()}; {name} turns the sum {signed(total)} into {signed(value)}."

    def _product(self, term: NamedTerm) -> str:
        (expression,) = term.expressions
        if isinstance(expression, Product):
            return f"{term.name}, {self._factors(expression.factors)}"
        return f"{term.name}, {self._labels.of(expression, self._explained.t)}"

    def _factors(self, factors: Sequence[Expression]) -> str:
        words = [
            factor_in_words(self._cell, factor, self._explained.t, self._labels, self._shown) for factor in factors
        ]
        return " × ".join(words)

    def _shown(self, factor: Expression) -> str:
        return signed(self._value(factor))

    def _gate(self, value: float) -> str:
        name = self._explained.target
        jobs = self._roles.gate_jobs[name]
        if not within_one(self._roles.ranges[name]) or not 0 <= value <= 1:
            return f"Multiplier {self._subject()} is {signed(value)}: {_jobs(jobs)}."
        percent = round(100 * value)
        opening = f"Gate {self._subject()} is {percent} % open: "
        uses = self._roles.gate_uses[name]
        if {("keep", True), ("take in", False)} <= set(uses) or {("keep", False), ("take in", True)} <= set(uses):
            kept = 100 - percent if ("keep", True) in uses else percent
            also = "".join(f"; also {_JOBS[job]}" for job in jobs if job not in ("keep", "take in"))
            return f"{opening}one gate for both, it keeps {kept} % of the old and takes in {100 - kept} %{also}."
        if uses == (("keep", True),):
            return f"{opening}how much of the old memory goes."
        return f"{opening}{_jobs(jobs)}."

    def _loss(self, loss: Loss, value: float) -> str:
        t = self._explained.t
        slope, _ = self._opener.read((LossSlope(loss.function, loss.prediction, loss.prediction, loss.lag),))
        if not value and not slope.any():
            return f"The loss at t={t} is 0: there is no target, or the prediction is exact."
        if loss.function != "cross_entropy":
            return f"The loss at t={t} is {positive(value)}: how far the prediction is from the target."
        if self._opener.hides_probability(loss):
            return f"The loss at t={t} is {positive(value)}."
        target = self._labels.named(int(np.argmin(slope)))
        chance = share(float(np.exp(-value)))
        return f"The target at t={t} is {target}; it was given probability {chance}, so the loss is {positive(value)}."

    # -- backward

    def _gradient(self) -> str:
        value = self._value(Grad(self._explained.target))
        opening = f"{self._subject()} is {signed(value)}: "
        if not self._terms:
            target = self._explained.target
            counted = target == self._cell.loss or any(term.lag == 0 for term in self._cell.terms[target])
            return opening + ("an earlier pass carried this loss back." if counted else "nothing later depends on it.")
        if len(self._terms) > 1:
            return f"{opening}{self._list()}.{self._belt()}"
        (term,) = self._terms
        if len(term.expressions) > 1:
            return f"{opening}{term.name}."
        expression = term.expressions[0]
        if isinstance(expression, Number):
            words = "every loss counts once" if expression.value == 1 else "the mean counts every loss alike"
            return f"{self._subject()} is {positive(value)}: {words}."
        if isinstance(expression, LossSlope):
            return opening + self._misfit(expression)
        factors = expression.factors if isinstance(expression, Product) else (expression,)
        return f"{opening}{self._factors(factors)}."

    def _belt(self) -> str:
        for term in self._terms:
            expression = term.expressions[0]
            if term.name.startswith("straight back") and len(term.expressions) == 1:
                factors = expression.factors if isinstance(expression, Product) else (expression,)
                factor = multiply(*(part for part in factors if not isinstance(part, Grad)))
                return f" The belt multiplies by {number(self._value(factor), 2, '−')}, with no matrix."
        return ""

    def _misfit(self, slope: LossSlope) -> str:
        parts = self._opener.prediction_and_truth(slope)
        if parts is None:
            return "there is no target here, or the prediction is exact."
        predicted, truth, scale = parts
        unit = min(self._unit, len(truth.values) - 1)
        mean = "" if scale == 1 else f", times {number(scale, 2)} for the mean loss"
        return f"predicted {share(predicted.values[unit])}, the truth {number(truth.values[unit], 2, '−')}{mean}."

    def _share(self) -> str:
        name, t = self._explained.target, self._explained.t
        parts = [
            share_in_words(expression, t, self._labels, self._opener, self._unit, signed)
            for term in self._terms
            for expression in term.expressions
        ]
        place = self._labels.place(name, parts[0].row, parts[0].column)
        total = signed(sum(part.value for part in parts))
        of = " of this sequence" if self._batch > 1 else ""
        words = ", ".join(part.words for part in parts)
        return f"∇{self._labels.matrix(name)}{place} gets {total}{of} at t={t}: {words}."


def signed(value: float) -> str:
    """`+.16`, `−.04`, `NaN`; a tiny or a huge one with three digits, so that parts and their sum agree: `−1.65e6`."""
    text = cell_text(value, 6).strip()
    if "e" in text:
        text = ("-" if value < 0 else "+") + scientific(abs(value))
    return text.replace("-", "−")


def positive(value: float) -> str:
    """The same with more digits and no plus: `1.17`."""
    return number(value, 3, "−")


def share(value: float) -> str:
    """A number between 0 and 1: `.31`, `3e−5`; any other as `signed`."""
    if not 0 <= value <= 1:
        return signed(value)
    return positive(value) if 0 < value < 0.005 else unit_text(value).strip()


def _jobs(jobs: Sequence[Job]) -> str:
    *first, last = (_JOBS[job] for job in jobs)
    return f"{', '.join(first)} and {last}" if first else last


def _unbroken(term: NamedTerm) -> str:
    """A name that can stand in a list."""
    return term.name.replace(", ", " ")
