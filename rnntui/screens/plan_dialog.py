"""The dialog that asks how to train."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Label, Static

from rnntui.safe import InputError, clean
from rnntui.screens.leaving import Leaving
from rnntui.training.plan import Plan

if TYPE_CHECKING:
    from rnntui.app import DebuggerApp

FIELDS: dict[str, str] = {
    "optimizer": "sgd, momentum:0.9, rmsprop, adam",
    "rate": "0.01, cosine:0.1, step:0.1,every=50",
    "clip": "norm:1, value:0.5; empty: not at all",
    "l1": "the penalty on Σ|W|",
    "l2": "the penalty on ½‖W‖²",
    "iterations": "how many updates",
}
"""Field of a plan → what can be written there."""
KEYS = "enter begins · ↑↓ tab next field · esc closes"


class PlanDialog(Leaving, ModalScreen[bool]):
    """Asks until the plan can be begun or the dialog is left; True where it is begun."""

    DEFAULT_CSS = """
    PlanDialog {
        align: center middle; background: $background 60%;
        & Vertical { width: 72; max-width: 100%; height: auto; padding: 0 1; }
        & Vertical { background: $surface; border: round $accent; }
        & Horizontal { height: 1; }
        & Label { width: 12; color: $foreground; }
        & Input { border: none; background: $panel; height: 1; padding: 0 1; width: 20; }
        & Input:focus { border: none; background: $accent 30%; }
        & .hint { color: $quiet; padding: 0 0 0 1; width: 1fr; }
        & #plan-error { color: $error; height: auto; }
        & #plan-keys { color: $quiet; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss(False)", "close"),
        ("down", "app.focus_next", "next"),
        ("up", "app.focus_previous", "previous"),
    ]

    def __init__(self, plan: Plan, begin: Callable[[Plan], object]) -> None:
        """`begin` begins a training; rnntui.safe.InputError where the plan cannot be."""
        super().__init__()
        self._plan = plan
        self._begin = begin

    def compose(self) -> ComposeResult:
        """A line for each field, what was wrong, and the keys."""
        with Vertical():
            yield Static(Content("Train anew with"))
            for name, hint in FIELDS.items():
                value = getattr(self._plan, name)
                with Horizontal():
                    yield Label(Content(name))
                    yield Input(f"{value:g}" if isinstance(value, float) else str(value), id=f"plan-{name}")
                    yield Label(Content(hint), classes="hint")
            yield Static(id="plan-error")
            yield Static(Content(cast("DebuggerApp", self.app).palette.keys(KEYS)), id="plan-keys")

    def on_input_submitted(self) -> None:
        """Begin, or say why not."""
        try:
            self._begin(self._read())
        except InputError as error:
            self.query_one("#plan-error", Static).update(Content(clean(str(error).removeprefix("--"))))
        else:
            self.dismiss(True)

    def _read(self) -> Plan:
        """The plan as it stands in the fields. Raises InputError for what is no number."""
        texts = {name: self.query_one(f"#plan-{name}", Input).value.strip() for name in FIELDS}
        given: dict[str, object] = dict(texts)
        for name, read, noun in (("l1", float, "number"), ("l2", float, "number"), ("iterations", int, "whole number")):
            try:
                given[name] = read(texts[name] or "0")
            except ValueError:
                raise InputError(name, "", f"got {texts[name]!r}, expected a {noun}") from None
        return replace(self._plan, **given)  # type: ignore[arg-type]  # read as what the fields are
