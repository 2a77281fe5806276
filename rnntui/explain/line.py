"""The equation as a line of text with its underbraces in words, laid out for a width: plain data, drawn by others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bptt.cell import Cell
from bptt.expressions import Expression, Grad, LossSlope, MatVec, Param, Var, walk
from bptt.notation import SCREEN, Scheme, render, signed_terms
from bptt.slopes import summands
from rnntui.explain.backward_terms import called
from rnntui.explain.braces import Brace, Piece, PieceColour, label_rows
from rnntui.explain.explained import Colour, Explained, NamedTerm
from rnntui.explain.labels import Labels

__all__ = ["Brace", "EquationLine", "LineRow", "Piece", "chosen", "lay_out", "one_row_forms"]

MOST_WEIGHTS = 3
"""Weights without a common letter that a group names."""
SHORT_GROUP = 17
"""Letters up to which a group of terms is written out."""


@dataclass(frozen=True, slots=True)
class LineRow:
    """One row of the screen."""

    kind: Literal["equation", "braces", "names"]
    pieces: tuple[Piece, ...]
    """From left to right, without overlaps; blanks between them."""

    @property
    def text(self) -> str:
        """The row without its colours."""
        row = ""
        for piece in self.pieces:
            row = row.ljust(piece.column) + piece.text
        return row


@dataclass(frozen=True, slots=True)
class EquationLine:
    """An equation laid out."""

    rows: tuple[LineRow, ...]
    braces: tuple[Brace, ...]
    inlined: bool

    def without_names(self) -> tuple[LineRow, ...]:
        """The rows of the equation alone, where there is no room for words."""
        return tuple(row for row in self.rows if row.kind == "equation")


def chosen(alternatives: Sequence[Explained], inlined: bool) -> Explained:
    """The form that the tiles have taken; the last one where there is no such form."""
    return next((explained for explained in alternatives if explained.inlined == inlined), alternatives[-1])


def one_row_forms(
    cell: Cell, alternatives: Sequence[Explained], width: int, scheme: Scheme = SCREEN
) -> tuple[Explained, ...]:
    """The forms whose line needs one row only; the last form where none does."""
    short = tuple(form for form in alternatives if len(lay_out(cell, form, width, scheme).without_names()) == 1)
    return short or (alternatives[-1],)


def lay_out(cell: Cell, explained: Explained, width: int, scheme: Scheme = SCREEN) -> EquationLine:
    """The line of one form in rows of at most `width` ≥ 1 cells, braces and names under each row of the equation.

    A row breaks before a sign; a long name stands in its brace, the last one of a row to the right of it, else a short
    one inside, else beneath."""
    signed = _signed_texts(cell, explained, scheme)
    filled = _Rows(width, *_frame(cell, explained, len(signed), scheme))
    for place, term in enumerate(signed):
        filled.add(place, term, last=place == len(signed) - 1)
    filled.close()
    rows: list[LineRow] = []
    braces: list[Brace] = []
    for number, pieces in enumerate(filled.lines):
        rows.append(LineRow("equation", tuple(pieces)))
        if len(signed) == 1:
            continue
        spans = _spans(signed, pieces)
        # a term that goes on in the next row has its name there
        onward = {piece.term for line in filled.lines[number + 1 :] for piece in line}
        spans = [brace.unnamed() if brace.term in onward else brace for brace in spans]
        placed, drawn = label_rows(spans, width)
        braces += placed
        rows += [LineRow("names" if n else "braces", found) for n, found in enumerate(drawn)]
    return EquationLine(tuple(rows), tuple(braces), explained.inlined)


@dataclass(frozen=True, slots=True)
class _Signed:
    """One summand as text."""

    negative: bool
    text: str
    colour: Colour
    name: str
    short: str


def _frame(cell: Cell, explained: Explained, count: int, scheme: Scheme) -> tuple[str, str, str]:
    """What stands before the terms (in two pieces) and after them: `h₃`, ` = tanh( `, ` )`."""
    labels = Labels(cell)
    match explained.kind:
        case "parameter":
            return scheme.gradient.format(v=scheme.called(explained.target)), " += ", ""
        case "gradient":
            left = render(Grad(explained.target), scheme, explained.t, cell.arguments)
        case _:
            left = render(Var(explained.target), scheme, explained.t, cell.arguments)
    if not explained.function:
        return left, " = ", ""
    apart = " " if count > 1 else ""
    return left, f" = {labels.function(explained.function)}({apart}", f"{apart})"


def _signed_texts(cell: Cell, explained: Explained, scheme: Scheme) -> list[_Signed]:
    found: list[_Signed] = []
    for term in explained.terms:
        if len(term.expressions) > 1:
            found.append(_Signed(False, _group(cell, term, explained.t, scheme), term.colour, term.name, term.short))
            continue
        expressions: Sequence[Expression] = term.expressions
        names: list[tuple[str, str, Colour]] = [(term.name, term.short, term.colour)]
        if isinstance(term.expressions[0], LossSlope) and len(summands(term.expressions[0])) == 2:
            expressions = summands(term.expressions[0])
            names = [("predicted", "predicted", "forward"), ("the truth", "truth", "loss")]
        pieces = signed_terms(expressions, scheme, explained.t, cell.arguments)
        for (negative, text), (name, short, colour) in zip(pieces, names, strict=True):
            found.append(_Signed(negative, text, colour, name, short))
    return found or [_Signed(False, "0", "muted", "", "")]


def _group(cell: Cell, term: NamedTerm, t: int, scheme: Scheme) -> str:
    """A group in short, `Σ[fiog] Wᵀ·δ₅`; written out where that is no longer."""
    pieces = signed_terms(term.expressions, scheme, t, cell.arguments)
    whole = " + ".join(text for _, text in pieces)
    if len(whole) <= SHORT_GROUP and not any(negative for negative, _ in pieces):
        return whole
    nodes = [node for expression in term.expressions for node in walk(expression)]
    senders = [node for node in nodes if isinstance(node, Grad)]
    names = list(dict.fromkeys(called(cell, sender.name) for sender in senders))
    together = "".join(names) if all(len(name) == 1 for name in names) else " ".join(names)
    inner = all(sender.name in cell.arguments for sender in senders)
    form = scheme.delta if inner else scheme.gradient
    of = "a" if form.startswith("{") else ""  # a sign that comes after a name needs one
    lags = {sender.lag for sender in senders}
    if len(lags) == 1 and of:
        gradient = form.format(v=scheme.at(of, lags.pop(), t))
    else:
        sign = form.format(v=of, g=of)
        gradient = scheme.at(sign, lags.pop(), t) if len(lags) == 1 else sign
    matrices = [node.matrix.name for node in nodes if isinstance(node, MatVec) and node.transposed]
    weights = matrices or [node.name for node in nodes if isinstance(node, Param)]
    by = _together(weights, scheme)
    factor = f"{by}ᵀ{scheme.dot}" if by and matrices else f"{by} ⊙ " if by else ""
    return f"Σ[{together}] {factor}{gradient}"


def _together(weights: list[str], scheme: Scheme) -> str:
    """Several weights as one: their letter where they share it, `(B,E)` where they are few, else nothing, since no
    weight has a name that is not the author's."""
    called_so = list(dict.fromkeys(scheme.called(weight) for weight in weights))
    letters = {name[0] for name in called_so}
    if len(letters) < 2:
        return "".join(letters)
    return f"({','.join(called_so)})" if len(called_so) <= MOST_WEIGHTS else ""


class _Rows:
    """Fills rows from left to right."""

    def __init__(self, width: int, left: str, opening: str, closing: str) -> None:
        self._width = width
        self._closing = closing
        self._indent = min(len(left) + 1, max(0, width - 12))
        self.lines: list[list[Piece]] = [[]]
        self._column = 0
        self._put_all(left, "text", -1, 0)
        self._put_all(opening, "text", -1, 0)

    def add(self, place: int, signed: _Signed, last: bool) -> None:
        """A sign and a term, in one row where that can be."""
        first = place == 0
        sign = ("−" if first else " − ") if signed.negative else ("" if first else " + ")
        after = len(self._closing) if last else 0
        if self._column + len(sign) + len(signed.text) + after > self._width and not first:
            self._break()
            sign = sign.lstrip()
        self._put_all(sign, "text", -1, 0)
        self._put_all(signed.text, signed.colour, place, after)

    def close(self) -> None:
        """What stands after the last term."""
        self._put_all(self._closing, "text", -1, 0)

    def _put_all(self, text: str, colour: PieceColour, term: int, after: int) -> None:
        """A text that may have to be broken: before an operator where it can be."""
        if self._column + len(text) + after <= self._width:
            self._put(text, colour, term)
            return
        for chunk in re.split(r"(?=(?<=\S) [⊙+−] )|(?<=\()(?=\S{20})", text):
            if self._column + len(chunk) > self._width:
                self._break()
                chunk = chunk.lstrip()
            while len(chunk) > self._width - self._column:
                room = max(1, self._width - self._column)
                self._put(chunk[:room], colour, term)
                chunk = chunk[room:]
                self._break()
            self._put(chunk, colour, term)

    def _put(self, text: str, colour: PieceColour, term: int) -> None:
        if not text:
            return
        line = self.lines[-1]
        if line and line[-1].term == term >= 0 and line[-1].end == self._column:
            line[-1] = Piece(line[-1].column, line[-1].text + text, colour, term)
        elif text.strip():
            line.append(Piece(self._column, text, colour, term))
        self._column += len(text)

    def _break(self) -> None:
        if self.lines[-1] and self._column > self._indent:
            self.lines.append([])
        self._column = self._indent


def _spans(signed: Sequence[_Signed], row: Sequence[Piece]) -> list[Brace]:
    """The braces under one row: under every term that has a name, bias and constants left out."""
    braces: list[Brace] = []
    for term in dict.fromkeys(piece.term for piece in row if piece.term >= 0):
        pieces = [piece for piece in row if piece.term == term]
        found = signed[term]
        if found.colour != "muted":
            braces.append(Brace(pieces[0].column, pieces[-1].end, found.name, found.short, found.colour, term))
    return braces
