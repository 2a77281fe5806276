"""A worked solution as a LaTeX document; it needs amsmath and booktabs only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rnntui.course.markdown import ITEM, MARKED
from rnntui.reports.derivation import aligned
from rnntui.reports.solution import Block

_HEAD = r"""\documentclass[a4paper,11pt]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,amssymb,booktabs}
\setlength{\parindent}{0pt}
\setlength{\parskip}{1ex plus .3ex}
\begin{document}
"""
_TAIL = "\\end{document}\n"
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "%": r"\%", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "<": r"\ensuremath{<}", ">": r"\ensuremath{>}",
    "|": r"\ensuremath{|}", '"': "''", "'": "'",
}  # fmt: skip
_SIGNS = {
    "∇": r"\nabla", "δ": r"\delta", "σ": r"\sigma", "γ": r"\gamma", "β": r"\beta", "λ": r"\lambda", "θ": r"\theta",
    "φ": r"\varphi", "τ": r"\tau", "ε": r"\varepsilon", "ρ": r"\rho", "∂": r"\partial", "Σ": r"\Sigma", "π": r"\pi",
    "⊙": r"\odot", "·": r"\cdot", "×": r"\times", "−": "-", "±": r"\pm", "√": r"\surd", "∞": r"\infty", "≈": r"\approx",
    "≤": r"\le", "≥": r"\ge", "≠": r"\ne", "→": r"\to", "←": r"\leftarrow", "↦": r"\mapsto", "∈": r"\in", "‖": r"\Vert",
    "½": r"\tfrac12", "¼": r"\tfrac14", "¬": r"\neg", "…": r"\dots", "ŷ": r"\hat y", "ᵀ": r"^{\mathsf T}", "⊤": r"\top",
    "²": "^2", "³": "^3", "¹": "^1", "⁰": "^0", "⁴": "^4", "⁵": "^5", "⁶": "^6", "⁷": "^7", "⁸": "^8", "⁹": "^9",
    "⁻": "^-", "₀": "_0", "₁": "_1", "₂": "_2", "₃": "_3", "₄": "_4", "₅": "_5", "₆": "_6", "₇": "_7", "₈": "_8",
    "₉": "_9", "ₜ": "_t", "₊": "_+", "₋": "_-", "̃": r"\sim", "⁽": "^(", "⁾": "^)", "α": r"\alpha", "μ": r"\mu",
    "η": r"\eta", "✓": r"\checkmark",
}  # fmt: skip
_PLAIN = {"–": "--", "—": "---", "“": "``", "”": "''", "‘": "`", "’": "'", "═": "=", "─": "-", "█": "", "▸": ""}
_COMMANDS = {"bold": "textbf", "italic": "emph", "code": "texttt"}


def in_latex(blocks: Iterable[Block]) -> str:
    """The file."""
    return _HEAD + "\n\n".join(part for block in blocks for part in _written(block)) + "\n\n" + _TAIL


def _written(block: Block) -> Iterator[str]:
    match block.kind:
        case "title":
            yield rf"\section*{{{text(block.text)}}}"
        case "section":
            yield rf"\subsection*{{{text(block.text)}}}"
        case "prose" | "question":
            yield _paragraphs(block.text)
        case "answer":
            yield rf"\textbf{{Answer:}} {_inline(block.text)}"
        case "choices":
            yield _list(block.items)
        case "lines":
            if block.equations:
                yield "\n".join(aligned(block.equations))
            lines = block.items[2:] if len(block.equations) == 1 else () if block.equations else block.items
            if lines:  # without the place and the line that stand above as mathematics
                yield _verbatim(lines)
        case "table":
            yield _table(block.cells)
        case "room":
            yield r"\vspace{6\baselineskip}\hrule"


def _paragraphs(markdown: str) -> str:
    parts: list[str] = []
    for paragraph in re.split(r"\n\s*\n", markdown):
        lines = paragraph.split("\n")
        items = [found for line in lines if (found := ITEM.match(line))]
        if len(items) == len(lines):
            parts.append(_list(found["text"] for found in items))
        else:
            parts.append(_inline(" ".join(line.strip() for line in lines)))
    return "\n\n".join(parts)


def _list(items: Iterable[str]) -> str:
    rows = (rf"  \item[] {_inline(item)}" for item in items)
    return "\n".join((r"\begin{itemize}", *rows, r"\end{itemize}"))


def _table(cells: tuple[tuple[str, ...], ...]) -> str:
    head, *rows = (" & ".join(text(cell) for cell in row) + r" \\" for row in cells)
    begin = rf"\begin{{tabular}}{{l{'r' * (len(cells[0]) - 1)}}}"
    return "\n".join((begin, r"\toprule", head, r"\midrule", *rows, r"\bottomrule", r"\end{tabular}"))


def _verbatim(lines: Iterable[str]) -> str:
    """Lines of numbers, blanks kept; long ones are broken where they can be."""
    shown = (text(line.strip()) for line in lines)
    return "{\\footnotesize\\ttfamily\\raggedright " + "\\\\{}\n".join(shown) + "\\par}"


def _inline(markdown: str) -> str:
    found: list[str] = []
    end = 0
    for mark in MARKED.finditer(markdown):
        kind = mark.lastgroup or "code"
        found += [text(markdown[end : mark.start()]), rf"\{_COMMANDS[kind]}{{{text(mark[kind])}}}"]
        end = mark.end()
    return "".join(found) + text(markdown[end:])


def text(plain: str) -> str:
    """Plain text as LaTeX; signs that it has no name for are shown by their numbers."""
    return "".join(_letter(letter) for letter in plain)


def _letter(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter in _SIGNS:
        return rf"\ensuremath{{{'{}' if _SIGNS[letter][0] in '^_' else ''}{_SIGNS[letter]}}}"
    if letter in _PLAIN:
        return _PLAIN[letter]
    return letter if letter.isascii() or letter in "äöüÄÖÜßéèáàâêîôûçñøåæœ" else f"[U+{ord(letter):04X}]"
