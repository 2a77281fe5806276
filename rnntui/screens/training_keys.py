"""The keys of the training screen, as one table."""

from __future__ import annotations

from rnntui.screens.keys import Key

TRAINING_KEYS: tuple[Key, ...] = (
    Key("open", ("enter",), "enter", "open", "step through this iteration in the debugger", bar=("enter", "steps it")),
    Key("later", ("right", "l"), "→ l", "iteration", "look at the next iteration", bar=("←→", "iteration")),
    Key("earlier", ("left", "h"), "← h", "earlier", "look at the iteration before"),
    Key("much_later", ("right_square_bracket", "pagedown", "n"), "] PgDn", "ten on", "ten iterations on"),
    Key("much_earlier", ("left_square_bracket", "pageup", "N"), "[ PgUp", "ten back", "ten iterations back"),
    Key("first", ("home",), "home", "first", "look at the first iteration", bar=("home end", "ends")),
    Key("last", ("end",), "end", "last", "look at the last iteration"),
    Key("alert", ("exclamation_mark",), "!", "alert", "look at the next alert", bar=("!", "alert")),
    Key("down", ("j", "down"), "j ↓", "row ↓", "the strip's next row: a time, a parameter", bar=("jk", "time")),
    Key("up", ("k", "up"), "k ↑", "row ↑", "the strip's row before"),
    Key("strip", ("v",), "v", "strip", "gradients over time, by parameter; sizes of parameters", bar=("v", "strip")),
    Key("pause", ("space",), "space", "pause", "pause or go on", bar=("spc", "pause")),
    Key("more", ("plus",), "+", "more", "train on, as many iterations again", bar=("+", "more")),
    Key("options", ("o",), "o", "options", "optimizer, rate, clipping …; begins anew", bar=("o", "options")),
    Key("leave", ("escape", "T"), "esc T", "leave", "stop what runs; then back to the debugger", bar=("esc", "back")),
    Key("theme", ("t",), "t", "light", "dark or light", bar=("t", "light")),
    Key("help", ("question_mark",), "?", "help", "keys, colours and marks", bar=("?", "help")),
    Key("quit", ("q",), "q", "quit", "leave rnntui", bar=("q", "quit")),
)
TRAINING_MARKS: tuple[tuple[str, str], ...] = (
    ("│ 14", "the iteration that is looked at: its numbers stand beside or below the curves"),
    ("▼blows up", "an alert, where it began; ! goes from one to the next"),
    ("×", "the number of this iteration is NaN or infinite"),
    ("○", "the loss on held-out data, for as many targets as an iteration has"),
    ("‖∇θ‖", "how long the gradient of all parameters together is, before it is clipped"),
    ("‖∇h‖ at each time", "one row a time, one column an iteration: dark is small, on a logarithmic scale"),
    ("5▸ ◂", "the row that is looked at: j and k move it"),
    ("━ ─", "iterations that are computed, and those to come"),
)
BAR = ("open", "later", "pause", "leave", "more", "options", "down", "strip", "alert", "help", "first", "theme", "quit")
"""What stands in the key bar, in order of worth."""
