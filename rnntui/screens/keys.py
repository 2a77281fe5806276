"""The keys of the debugger: one table, from which bindings, key bar, help, command line and documentation are made.

It imports no Textual, so that `rnntui keys` can print it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """One thing that a key does."""

    id: str
    """The action's name: the screen has a method `action_ID`."""
    keys: tuple[str, ...]
    """As Textual calls them."""
    shown: str
    """As people call them."""
    label: str
    """A word or two."""
    help: str
    """A line."""
    group: str = "move"
    """The heading in the help."""
    bar: tuple[str, str] | None = None
    """Keys and word in the key bar, with a partner where it has one: `←→`, step; None where it is not there."""
    verb: str = ""
    """The command of the line debugger that does the same, where there is one."""

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.verb or self.id.replace("_", "-")


KEYS: tuple[Key, ...] = (
    Key("step", ("right", "full_stop", "f11"), "→ .", "step", "the next equation", bar=("←→", "step"), verb="step"),
    Key(
        "back", ("left", "comma", "shift+f11"), "← ,", "back", "the equation before; exactly undoes a step", verb="back"
    ),
    Key("next_time", ("n", "f10"), "n", "t", "to the end of this timestep", bar=("nN", "timestep"), verb="next"),
    Key("previous_time", ("N",), "N", "t back", "to the start of this timestep"),
    Key(
        "end_of_phase",
        ("f",),
        "f",
        "phase",
        "to the end of the forward or backward pass",
        bar=("fF", "pass"),
        verb="phase",
    ),
    Key("start_of_phase", ("F",), "F", "phase start", "to the start of the pass"),
    Key(
        "next_iteration",
        ("right_curly_bracket",),
        "}",
        "iteration",
        "the same place in the training's next iteration",
    ),
    Key("previous_iteration", ("left_curly_bracket",), "{", "iteration back", "and in the one before"),
    Key("home", ("home",), "home", "start", "before the first equation", bar=("home end", "ends")),
    Key("end", ("end",), "end", "end", "after the last equation"),
    Key("go", ("g",), "g", "go to", "go to a place: b5 ∇h, forward t=3, #60, nan", bar=("g", "go to"), verb="goto"),
    Key("play", ("space",), "space", "play", "play, about six equations a second; any key stops", bar=("spc", "play")),
    Key("run_to_first", ("r",), "r", "run to", "to the step that computes what the lens is on"),
    Key("run_to_last", ("R",), "R", "run to ∇", "to the step that last writes it: of a value its gradient"),
    Key("first_bad", ("exclamation_mark",), "!", "NaN", "to the first NaN or infinity"),
    Key(
        "breakpoint",
        ("b",),
        "b",
        "break",
        "a breakpoint where the lens is, or none; the right button too",
        "debug",
        bar=("b", "break"),
    ),
    Key("breakpoints", ("B",), "B", "breaks", "list breakpoints, watches and edits", "debug", verb="break"),
    Key(
        "go_on",
        ("c", "f5"),
        "c F5",
        "continue",
        "on to the next breakpoint",
        "debug",
        bar=("cC", "to break"),
        verb="continue",
    ),
    Key("go_back", ("C",), "C", "reverse", "back to the breakpoint before", "debug", verb="reverse"),
    Key("watch_lens", ("w",), "w", "watch", "watch what the lens is on, or an expression", "debug", bar=("w", "watch")),
    Key("watches", ("W",), "W", "watches", "the same list, at the watches", "debug", verb="watch"),
    Key("why", ("y",), "y", "why", "why what the lens is on is so, and so on back", "debug", verb="why"),
    Key("edit", ("i",), "i", "edit", "edit the value under the lens, and run again", "debug", verb="set"),
    Key("clamp", ("I",), "I", "clamp", "the same at every time", "debug", verb="clamp"),
    Key("undo", ("u",), "u", "undo", "take back the latest edit", "debug", verb="undo"),
    Key("edits", ("U",), "U", "edits", "the list, at the edits", "debug", verb="edits"),
    Key("pane_pins", ("4",), "4", "watch", "show watches, breakpoints and edits, or not", "debug"),
    Key("lens_later", ("l",), "l", "look →", "look one time later", "look", bar=("hjkl", "look")),
    Key("lens_earlier", ("h",), "h", "lens ←", "look one time earlier", "look"),
    Key("lens_down", ("j", "down"), "j ↓", "lens ↓", "look one unit down", "look"),
    Key("lens_up", ("k", "up"), "k ↑", "lens ↑", "look one unit up", "look"),
    Key("release", ("0",), "0", "lens home", "put the lens back on the step", "look"),
    Key("depth", ("e",), "e", "depth", "equation: all, line, tiles, term by term", "look", bar=("e", "depth")),
    Key("drill", ("d",), "d", "drill", "term by term, or all", "look"),
    Key("notation", ("m",), "m", "notation", "∇h₅, ∇h⁽⁵⁾, ∂L/∂h₅, PyTorch's names, or NumPy to paste", "look"),
    Key("say", ("s",), "s", "say", "the step as one plain sentence", "look", verb="say"),
    Key("view", ("v",), "v", "view", "values and gradients, values alone, gradients alone", "look", bar=("v", "view")),
    Key(
        "wider", ("plus",), "+", "zoom in", "wider columns; the wheel then moves along time", "look", bar=("+−", "zoom")
    ),
    Key("narrower", ("minus",), "-", "zoom out", "narrower columns", "look"),
    Key("fit", ("equals_sign",), "=", "fit", "the whole run", "look"),
    Key("xray", ("x",), "x", "x-ray", "see faintly what is not computed yet", "look"),
    Key(
        "maximise",
        ("z",),
        "z",
        "larger",
        "the tracks over time alone, the panes alone, both",
        "look",
        bar=("z", "larger"),
    ),
    Key("projector", ("P",), "P", "projector", "for a room: wide columns, nothing faint; or back", "look"),
    Key("theme", ("t",), "t", "light", "dark or light", "look", bar=("t", "light")),
    Key("pane_equation", ("1",), "1", "equation", "show the equation below the tracks", "look"),
    Key("pane_lesson", ("2",), "2", "lesson", "show the lesson; at a question digits answer", "lesson"),
    Key("pane_circuit", ("3",), "3", "circuit", "show the cell as a circuit, or not", "look"),
    Key(
        "pane_params", ("5",), "5", "parameters", "show the parameters and the sums of their gradients, or not", "look"
    ),
    Key("blame", ("M",), "M", "blame", "which loss reaches which time, and what a truncation window cuts", "look"),
    Key("jacobian", ("J",), "J", "Jacobian", "the map from one state to the next: what it stretches", "look"),
    Key("confirm", ("enter",), "enter", "go on", "answer, go on in the lesson, or return to it", "lesson"),
    Key(
        "later_step",
        ("right_square_bracket",),
        "]",
        "next",
        "the lesson's next step, of an open question the answer; the next sequence",
        "lesson",
    ),
    Key("earlier_step", ("left_square_bracket",), "[", "previous", "the lesson's previous step, or sequence", "lesson"),
    Key(
        "page_on",
        ("pagedown",),
        "PgDn",
        "page on",
        "the same, where letters are typed too; without a lesson an equation",
        "lesson",
        bar=("PgDn", "give up"),
    ),
    Key(
        "page_back",
        ("pageup",),
        "PgUp",
        "page back",
        "back in the lesson, where letters are typed too; else an equation",
        "lesson",
        bar=("PgUp", "back"),
    ),
    Key("outline", ("o",), "o", "steps", "every step of the lesson, to jump to", "lesson"),
    Key("hint", ("H",), "? H", "hint", "a hint, one at a time, while a question is open", "lesson", bar=("?", "hint")),
    Key("truth", ("V",), "V", "true", "while a fault is looked for: what the true run has at the cursor", "lesson"),
    Key(
        "score",
        ("escape",),
        "esc",
        "look around",
        "give the keys back to the debugger; tab returns to the question",
        "lesson",
        bar=("esc", "look around"),
    ),
    Key("duel", ("D",), "D", "duel", "a second cell on the same data: whose gradient lives longer", "app"),
    Key("bench", ("E",), "E", "bench", "change the cell's equations, and run it on the same data", "app"),
    Key("library", ("L",), "L", "library", "the library: lessons, examples, recent runs, your files", "app"),
    Key(
        "training", ("T",), "T", "training", "train this model, or return to its training", "app", bar=("T", "training")
    ),
    Key("save", ("S",), "S", "save", "on any screen: its picture (.svg) and the run (.npz)", "app"),
    Key("command_line", ("colon",), ":", "command", "a command, as in the line debugger", "app", bar=(":", "command")),
    Key("palette", ("ctrl+p",), "ctrl+p", "find", "find a command by a few of its letters", "app"),
    Key(
        "help",
        ("question_mark",),
        "?",
        "help",
        "keys, colours and marks",
        "app",
        bar=("?", "help"),
        verb="help",
    ),
    Key(
        "manual",
        ("f1",),
        "F1",
        "all keys",
        "the same, at a question too, where ? gives a hint",
        "app",
        bar=("F1", "help"),
    ),
    Key("quit", ("q",), "q", "quit", "leave", "app", bar=("q", "quit"), verb="quit"),
)
GROUPS = {"move": "Move in time", "debug": "Look into it", "look": "Look", "lesson": "Lesson", "app": "App"}

MOUSE: tuple[tuple[str, str], ...] = (
    ("a cell", "a click puts the lens there; over it, its number and its step stand in the top line"),
    ("a cell, right", "the right button sets a breakpoint there, or takes it away"),
    ("a time", "a click goes there on the run"),
    ("the bar below", "click or drag: anywhere on the run"),
    ("the top line", "a click on the pass or the time goes to its start; on a mark, does what its key does"),
    ("the wheel", "moves along time; with ctrl, zooms"),
    ("a key", "a click on its name, in the key bar or a lesson, does what it does"),
)
"""Where the mouse is → what it does."""

BAR = (
    "step",
    "next_time",
    "end_of_phase",
    "play",
    "go",
    "lens_later",
    "help",
    "depth",
    "breakpoint",
    "go_on",
    "watch_lens",
    "wider",
    "view",
    "maximise",
    "home",
    "theme",
    "training",
    "command_line",
    "quit",
)
"""What stands in the key bar, in order of worth: the last go first where there is little room."""
BAR_TYPING = ("hint", "page_on", "page_back", "score", "manual")
"""What stands there while letters go into an answer."""
