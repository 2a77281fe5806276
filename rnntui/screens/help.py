"""The help page: every key, and what the colours and marks of the screen mean."""

from __future__ import annotations

from textwrap import wrap
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnntui.screens.keys import GROUPS, KEYS, MOUSE, Key
from rnntui.screens.leaving import Leaving
from rnntui.widgets.palette import LEVELS, Palette

MARKS: tuple[tuple[str, str], ...] = (
    ("▸ 4 ▸  ◂ 5 ◂", "the time at which the run stands, forward and backward"),
    ("[5]  2▸", "the time and the unit under the lens: shown term by term"),
    ("▐ ▌", "written by this equation; in yellow what a lesson means"),
    ("▕ ▏", "read by this equation; going backward the rest fades"),
    ("=", "held by an edit, left of its number"),
    ("·", "not computed yet"),
    ("x: …  ×3", "its number has no room; a vector of 3 numbers"),
    ("???", "hidden until you have predicted it"),
    ("5e-3  -e-3", "0.005; minus some thousandths, where no digit has room"),
    ("+.28 slanted", "before its function is applied; faint: not computed yet"),
    ("─W→  ←Wᵀ", "the road between two times, lit where the equation goes"),
    ("─f→  ¬u→  k→", "the factor on it: the gate f; 1 − u; a name cut short"),
    ("↑U  ↓Vᵀ", "the same within one time"),
    ("▃▇▂▆", "a gate: a bar a unit, or of dots; of many units the mean"),
    ("▀▀▀", "two units a row, in its upper and its lower half"),
    ("t/16", "16 times a column: of them the largest number"),
    ("‖∇h‖  10⁻²", "length of the gradient, on a log scale kept for the run"),
    ("‖∇W‖", "what each time adds to the gradient of the shared W"),
    ("▄▃▂  g", "a candidate has a sign: bars up and down, or tiles"),
    ("╰───╯", "a term, and where it comes from, in its colour"),
    ("belt", "the way through a state that only gates multiply"),
    ("future fiog", "by way of f, i, o and g of the next time"),
    ("δ₅", "the gradient before a function, where that has no name"),
    ("A·b  a ⊙ b", "a matrix product; unit by unit"),
    ("onehot", "the one letter read is 1, all others 0"),
    ("H=4  T=8", "4 hidden units; 8 times"),
    ("▐█│   Σ", "a product, negative left of the line; Σ their sum"),
    ("(×) (+)  ▸ ◂", "the cell as a circuit, and the way the numbers go"),
    ("012 on tanh", "each unit's digit where its number lies on the curve"),
    ("Σ of 6/8", "6 of 8 times are in the sum of a parameter's gradient"),
    ("━━█──", "the whole run; click or drag to go there"),
    ("●  ○", "a breakpoint, and one that rests; ◂ here it stops"),
    ("··▂█▆", "a watch over t, the time of the lens in white"),
    ("‖∇h‖ ×10⁻⁴", "it has vanished, or exploded: lessons vanishing, clipping"),
    ("! first NaN", "the step that made the first NaN, or inf, an infinity"),
    ("◎", "the lens is off the step; 0 puts it back"),
    ("│  ✂", "where a truncated run is cut: no gradient goes through"),
)
HUES = (
    ("forward", "forward: values, their way and their column"),
    ("backward", "backward: gradients, and what comes from the future"),
    ("loss", "what comes from this output; hidden by a question; vanished or exploded"),
    ("input", "what comes from the new input; right"),
    ("violet", "the lesson; edits; run B of a duel"),
    ("trouble", "NaN and infinity; breakpoints; wrong"),
    ("lens", "the lens"),
)
KEYS_HERE = " ↑ ↓ PgUp PgDn scroll · esc closes "
WIDTH = 74
"""Columns of the page."""
_MARKS, _KEYS = 16, 10
"""Columns before the explanation of a mark, and of a key."""


class Help(Leaving, ModalScreen[None]):
    """A page to read; any of its keys closes it."""

    DEFAULT_CSS = """
    Help {
        align: center middle; background: $background 60%;
        & VerticalScroll { width: 80; max-width: 100%; height: auto; max-height: 100%; background: $surface;
                           border: round $accent; padding: 0 1; }
        & VerticalScroll { scrollbar-size-vertical: 1; }
        & Static { height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("escape,q,question_mark,enter", "dismiss", "close")]

    def __init__(
        self,
        palette: Palette,
        keys: tuple[Key, ...] = KEYS,
        title: str = "",
        marks: tuple[tuple[str, str], ...] = MARKS,
    ) -> None:
        """`keys` and `marks`: of the screen that asks; `title`: what that is, in the place of the first heading."""
        super().__init__()
        self._palette = palette
        self._keys = keys
        self._title = title
        self._marks = marks

    def compose(self) -> ComposeResult:
        """Keys by group, then colours, then marks."""
        with VerticalScroll() as page:
            page.border_subtitle = Content(self._palette.keys(KEYS_HERE))
            yield Static(self._page())

    def _page(self) -> Content:
        palette = self._palette
        key, head, muted = (
            f"bold {palette.colour('forward')}",
            f"bold {palette.colour('violet')}",
            palette.colour("muted"),
        )
        parts: list[Content | str] = []
        groups = {entry.group for entry in self._keys}
        for group, title in GROUPS.items():
            if group not in groups:
                continue
            parts += [Content.styled(self._title if self._title and group == "move" else title, head), "\n"]
            for entry in self._keys:
                if entry.group == group:
                    parts += [
                        Content.styled(f"  {palette.keys(entry.shown):<{_KEYS - 2}}", key),
                        _hung(entry.help, _KEYS),
                    ]
        if self._keys is KEYS:
            parts += [Content.styled("Mouse", head), "\n"]
            for where, does in MOUSE:
                parts += [Content.styled(f"  {where:<{_MARKS - 2}}", key), _hung(does, _MARKS)]
        parts += [Content.styled("Colours", head), "\n"]
        for family, low, high in (("value", "−", "+"), ("gradient", "−", "+"), ("unit", "0", "1")):
            name = {"value": "values", "gradient": "gradients", "unit": "gates, probabilities"}[family]
            bar = [
                Content.styled(" ", f"on {palette.level_colour(family, level)}")  # type: ignore[arg-type]  # a Family
                for level in range(0, LEVELS, 1)
            ]
            parts += [f"  {low} ", *bar, f" {high}  ", Content.styled(f"{name}\n", muted)]
        parts += [Content.styled("  no colours: the larger, the bolder, then reversed; or + ░▒▓█  − -=≡#\n", muted)]
        for role, meaning in HUES:
            parts += [Content.styled(f"  ■ {meaning}\n", palette.colour(role))]
        parts += [Content.styled("Marks", head), "\n"]
        for mark, meaning in self._marks:
            parts += [Content.styled(f"  {mark:<{_MARKS - 2}}", key), _hung(meaning, _MARKS)]
        parts.append(Content.styled("esc closes", muted))
        return Content.assemble(*parts)


def _hung(text: str, indent: int) -> str:
    """Lines of the page's width, those after the first set in."""
    return f"\n{' ' * indent}".join(wrap(text, WIDTH - indent)) + "\n"
