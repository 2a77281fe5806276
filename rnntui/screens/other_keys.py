"""The keys of the screens that are opened from the debugger, as `keys` has those of the debugger itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from rnntui.screens.keys import KEYS, Key
from rnntui.screens.training_keys import TRAINING_KEYS

BLAME_KEYS: tuple[Key, ...] = (
    Key("loss_later", ("j", "down"), "j ↓", "loss ↓", "a later loss", bar=("hjkl", "look")),
    Key("loss_earlier", ("k", "up"), "k ↑", "loss ↑", "an earlier loss"),
    Key("time_later", ("l", "right"), "l →", "time →", "a later time"),
    Key("time_earlier", ("h", "left"), "h ←", "time ←", "an earlier time"),
    Key(
        "confirm",
        ("enter",),
        "enter",
        "go there",
        "the debugger at the gradient of that time",
        bar=("enter", "go there"),
    ),
    Key(
        "window_narrower", ("minus",), "-", "narrower", "a shorter window: see what it would cut", bar=("−+", "window")
    ),
    Key("window_wider", ("plus",), "+", "wider", "a longer window"),
    Key("next_state", ("s",), "s", "state", "the blame of the next state", bar=("s", "state")),
    Key("window_form", ("c",), "c", "chunks", "chunk by chunk, or every loss by itself", bar=("c", "chunks")),
    Key("window_own", ("equals_sign",), "=", "own", "the window of the run itself", bar=("=", "as run")),
    Key("theme", ("t",), "t", "light", "dark or light", "app", bar=("t", "light")),
    Key("help", ("question_mark",), "?", "help", "this page", "app", bar=("?", "help")),
    Key("leave", ("escape", "M"), "esc M", "back", "back to the debugger", "app", bar=("esc", "back")),
    Key("quit", ("q",), "q", "quit", "leave rnntui", "app", bar=("q", "quit")),
)
"""Those of the blame matrix."""
JACOBIAN_KEYS: tuple[Key, ...] = (
    Key("time_later", ("l", "right"), "l →", "t →", "a later step", bar=("hl", "step")),
    Key("time_earlier", ("h", "left"), "h ←", "t ←", "an earlier step"),
    Key("first_time", ("home",), "home", "first", "the first step", bar=("home end", "ends")),
    Key("last_time", ("end",), "end", "last", "the last step"),
    Key(
        "confirm",
        ("enter",),
        "enter",
        "go there",
        "the debugger where a gradient takes this step back",
        bar=("enter", "go there"),
    ),
    Key("theme", ("t",), "t", "light", "dark or light", "app", bar=("t", "light")),
    Key("help", ("question_mark",), "?", "help", "this page", "app", bar=("?", "help")),
    Key("leave", ("escape", "J"), "esc J", "back", "back to the debugger", "app", bar=("esc", "back")),
    Key("quit", ("q",), "q", "quit", "leave rnntui", "app", bar=("q", "quit")),
)
"""Those of the Jacobian lens."""
_OF_A_RUN = (
    "step next_time end_of_phase back previous_time start_of_phase go home end first_bad "
    "lens_later lens_earlier lens_down lens_up release wider narrower fit theme help quit"
).split()
_TABLE = {key.id: key for key in KEYS}
DUEL_OWN = (
    Key("compare_a", ("a",), "a", "A by", "compare A by its next state's gradient", bar=("ab", "by")),
    Key("compare_b", ("b",), "b", "B by", "compare B by its next state's gradient"),
    Key("losses", ("o",), "o", "losses", "the last loss alone, or all losses", bar=("o", "losses")),
    replace(_TABLE["later_step"], label="sequence", help="the next sequence of the batch", group="move"),
    replace(_TABLE["earlier_step"], label="sequence", help="the sequence before", group="move"),
    replace(_TABLE["page_on"], help="for clickers: an equation on", group="move", bar=None),
    replace(_TABLE["page_back"], help="for clickers: an equation back", group="move", bar=None),
    Key("leave", ("escape", "D"), "esc D", "back", "back to the debugger", "app", bar=("esc", "back")),
)
DUEL_KEYS: tuple[Key, ...] = (*(_TABLE[name] for name in _OF_A_RUN[:3]), *DUEL_OWN, *(_TABLE[n] for n in _OF_A_RUN[3:]))
"""Those of the duel: its own, and those of the debugger that move both runs."""
LIBRARY_KEYS: tuple[Key, ...] = (
    Key("open", ("enter",), "enter", "open", "open what the bar is on; so does a click", bar=("enter", "open")),
    Key("filter", ("slash",), "/", "filter", "narrow the list by words; esc shows everything", bar=("/", "filter")),
    Key("lessons", ("1",), "1", "lessons", "to the lessons", bar=("1234", "sections")),
    Key("examples", ("2",), "2", "examples", "to the examples: every built-in cell"),
    Key("recent", ("3",), "3", "recent", "to the runs that were opened lately"),
    Key("own", ("4",), "4", "yours", "to your files: lessons and cells of this folder, and those opened before"),
    Key(
        "bench",
        ("E",),
        "E",
        "write",
        "change the cell under the bar, or write a new one",
        bar=("E", "write a cell"),
    ),
    Key("theme", ("t",), "t", "light", "dark or light", "app", bar=("t", "light")),
    Key("help", ("question_mark",), "?", "help", "this page", "app", bar=("?", "help")),
    Key("leave", ("escape", "L"), "esc L", "back", "back to where you came from", "app", bar=("esc", "back")),
    Key("quit", ("q",), "q", "quit", "leave rnntui", "app", bar=("q", "quit")),
)
"""Those of the library."""
BENCH_KEYS: tuple[Key, ...] = (
    Key(
        "run",
        ("ctrl+enter", "f5", "ctrl+r", "ctrl+j"),
        "ctrl+enter F5 ctrl+r",
        "run",
        "step through the cell on the same data; q and esc lead back to the text",
        bar=("ctrl+enter F5", "run"),
    ),
    Key("save", ("ctrl+s",), "ctrl+s", "save", "write the text to a file", bar=("ctrl+s", "save")),
    Key("over", ("tab",), "tab", "equations", "to the backward equations, to scroll them, and back"),
    Key("undo", ("ctrl+z",), "ctrl+z", "undo", "take back what was typed; ctrl+y redoes it", bar=("ctrl+z", "undo")),
    Key("theme", ("ctrl+t",), "ctrl+t", "light", "dark or light", "app", bar=("ctrl+t", "light")),
    Key("help", ("f1",), "F1", "help", "this page", "app", bar=("F1", "help")),
    Key("leave", ("escape",), "esc", "back", "back; what is not saved is asked for first", "app", bar=("esc", "leave")),
)
"""Those of the bench, where letters are typed."""
OTHERS: Mapping[str, tuple[Key, ...]] = {
    "Blame matrix, opened by M": BLAME_KEYS,
    "Jacobian lens, opened by J": JACOBIAN_KEYS,
    "Library, opened by L": LIBRARY_KEYS,
    "Bench, opened by E": BENCH_KEYS,
    "Training, opened by T": TRAINING_KEYS,
    "Duel, opened by D, where most keys of the debugger move both runs": DUEL_OWN,
}
"""Heading → table."""
BLAME_MARKS = (
    ("row t", "one loss; the letter is what it waits for"),
    ("column k", "one time; the letter is what is read there"),
    ("0.12", "how long ∂L(t)/∂h(k) is: what the loss at t says to the state at k"),
    ("×0.12", "the same, but a window cuts it: the loss is not carried so far back"),
    ("▐", "the first time that the window keeps"),
    ("Σ", "what the window keeps of a column"),
    ("‖∇h‖", "the gradient of all that is kept: less than Σ, for directions differ"),
)
LIBRARY_MARKS = (
    ("○ ◐ ✓", "a lesson not opened, begun, done"),
    ("4/12", "the step at which it goes on"),
    ("✗", "a file that cannot be read; open it to see why"),
)
BENCH_MARKS = (
    ("name[t] = …", "an equation; x[t] is read, mem[t-1] is mem one time earlier"),
    ("A @ x[t]", "a matrix times a column; a new name is a parameter"),
    ("a * b", "unit by unit: a gate times what it lets pass"),
    ("^", "stands under what cannot be read"),
    ("faint", "equations of the text before it was wrong"),
)
JACOBIAN_MARKS = (
    ("+.12", "an entry: how the number of its row moves with that of its column, one time before"),
    ("σ1 σ2 …", "how much a step stretches its directions, the best one first"),
    ("ρ", "the spectral radius: what many equal steps would come to, one by one"),
    ("ρ(W)", "that of the matrix alone, the shortcut: it forgets the slopes and the gates"),
    ("│ ×1", "neither shrinks nor stretches"),
    ("◇", "what would be left if each step were the shortcut"),
)
