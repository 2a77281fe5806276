"""Schemes of names, times and signs: how the same mathematics is written in different places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

SUBSCRIPTS = str.maketrans("0123456789+-tT", "₀₁₂₃₄₅₆₇₈₉₊₋ₜᴛ")
SUPERSCRIPTS = str.maketrans("0123456789+-tT()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗᵀ⁽⁾")


@dataclass(frozen=True)
class Scheme:
    """How things are written: names, times and signs as data."""

    name: str
    time: Literal["bracket", "subscript", "superscript"] = "bracket"
    gradient: str = "∇{v}"
    """With {v} for the variable, its time included."""
    delta: str = "∇{v}"
    """For the gradient of a named argument `a_f`: {v} is `a_f`, {g} its owner `f`."""
    dot: str = ""
    """Between a matrix and what it multiplies."""
    tight: bool = False
    """Whether 1−h is written without spaces."""
    plain_names: bool = False
    """Whether underscores are left out of names."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Variable or parameter → what it is called here."""
    words: Mapping[str, str] = field(default_factory=dict)
    """A word of explanation → the word used here."""

    def called(self, name: str) -> str:
        """A name as this scheme writes it."""
        shown = self.renamed.get(name, name)
        return shown.replace("_", "") if self.plain_names else shown

    def word(self, word: str) -> str:
        """A word of explanation as this scheme has it."""
        return self.words.get(word, word)

    def at(self, name: str, lag: int, t: int | None) -> str:
        """A variable at t − lag; `t` None writes the letter t."""
        when = ("t" if lag == 0 else f"t{-lag:+d}") if t is None else str(t - lag)
        if self.time == "bracket":
            return f"{name}[{when}]"
        if self.time == "superscript":
            return name + f"({when})".translate(SUPERSCRIPTS)
        return name + when.translate(SUBSCRIPTS)


TEXT = Scheme("text")
"""As one types it: ∇h[t] = Wᵀ∇a[t+1] + Vᵀ∇z[t]."""
SCREEN = Scheme("screen", time="subscript", delta="δ{g}", dot="·", tight=True, plain_names=True)
"""Short, for concrete times: ∇h₅ = Wᵀ·(∇h₆ ⊙ (1−h₆²)) + Vᵀ·∇z₅."""
BOOK = Scheme(
    "book",
    time="superscript",
    delta="δ{g}",
    tight=True,
    plain_names=True,
    words={"keep": "selective forget", "take in": "selective read", "show": "selective write"},
)
"""∇h⁽⁵⁾, as in textbooks."""
LEIBNIZ = Scheme(
    "leibniz",
    time="subscript",
    gradient="∂L/∂{v}",
    delta="∂L/∂{v}",
    dot="·",
    tight=True,
    plain_names=True,
)
"""∂L/∂h₅."""
SCHEMES: dict[str, Scheme] = {scheme.name: scheme for scheme in (TEXT, SCREEN, BOOK, LEIBNIZ)}
