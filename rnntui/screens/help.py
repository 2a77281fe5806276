"""The help page: every key, and what the colours and marks of the screen mean."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rnntui.screens.keys import GROUPS, KEYS, Key
from rnntui.widgets.palette import LEVELS, Palette

MARKS: tuple[tuple[str, str], ...] = (
    ("▸ 4 ▸  ◂ 5 ◂", "the column at which the run stands, forward and backward"),
    ("▐ ▌", "written by this equation"),
    ("▕ ▏", "read by this equation; what is neither fades"),
    ("2▸", "the unit under the lens: the one that is shown term by term"),
    ("─W→  ←Wᵀ", "the road between two times, by its matrix or gate; lit where this equation takes it"),
    ("▃▇▂▆", "a gate, one bar a unit: how far it is open"),
    ("·", "not computed yet"),
    ("?", "hidden until you have predicted it"),
    ("‖∇W‖", "how much each time adds to the shared matrix W: what teaches it"),
    ("Σ of 6/8", "6 of 8 times are in the sum of a parameter's gradient"),
    ("‖∇h‖", "how long the gradient is at each time, on a logarithmic scale that stays the same for the run"),
)


class Help(ModalScreen[None]):
    """A page to read; any of its keys closes it."""

    DEFAULT_CSS = """
    Help {
        align: center middle; background: $background 60%;
        & VerticalScroll { width: 80; max-width: 100%; height: auto; max-height: 100%; background: $surface;
                           border: round $accent; padding: 0 1; }
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
        with VerticalScroll():
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
                    parts += [Content.styled(f"  {entry.shown:<8}", key), f"{entry.help}\n"]
        parts += [Content.styled("Colours", head), "\n"]
        for family, low, high in (("value", "−", "+"), ("gradient", "−", "+"), ("unit", "0", "1")):
            name = {"value": "values", "gradient": "gradients", "unit": "gates, probabilities"}[family]
            bar = [
                Content.styled(" ", f"on {palette.level_colour(family, level)}")  # type: ignore[arg-type]  # a Family
                for level in range(0, LEVELS, 1)
            ]
            parts += [f"  {low} ", *bar, f" {high}  ", Content.styled(f"{name}\n", muted)]
        hues = (
            ("forward", "forward"),
            ("backward", "backward, from the future"),
            ("loss", "from this output, or hidden"),
            ("input", "new input"),
            ("violet", "the lesson"),
            ("trouble", "NaN, wrong"),
        )
        parts.append("  ")
        for role, meaning in hues:
            parts += [Content.styled(f"■ {meaning}  ", palette.colour(role))]
        parts += ["\n", Content.styled("Marks", head), "\n"]
        for mark, meaning in self._marks:
            parts += [Content.styled(f"  {mark:<14}", key), f"{meaning}\n"]
        parts.append(Content.styled("esc closes", muted))
        return Content.assemble(*parts)
