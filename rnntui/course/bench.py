"""What a lesson works on: its own run and its cases, each a cell, a model, data, and a training, made from the file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any, TypeVar

from bptt.cell import Cell
from bptt.cells import CELLS, find
from bptt.edit_text import parse_edit
from bptt.edits import Edit
from bptt.errors import InputError as ModelError
from bptt.errors import near
from bptt.language import EquationError
from bptt.model import Model
from bptt.run import Run
from rnntui.course.configuration import Configuration
from rnntui.course.description import Description, over
from rnntui.course.document import Path
from rnntui.course.given import below, source_of
from rnntui.course.learning import learning_of
from rnntui.course.lesson import MAIN, OTHER
from rnntui.course.limits import check_cost
from rnntui.course.reading import Reading
from rnntui.course.results import Results
from rnntui.course.sections import BpttPart, CasePart, ModelPart
from rnntui.safe import InputError, InputErrors
from rnntui.sources import Source
from rnntui.sources.cell_file import READOUTS

A = TypeVar("A")
_PLACES = {"init": "model", "initial": "model", "hidden": "model", "seed": "model", "x": "data", "y": "data"}
"""What the engine calls at fault → the section that gave it."""
_WIDE = 64
"""Units of a net of which nobody could read how many it has: no component that is meant lies beyond them."""


@dataclass(frozen=True)
class Bench:
    """The lesson's own configuration; the others are its cases."""

    main: Configuration

    @property
    def source(self) -> Source:
        """What the lesson's own run reads."""
        return self.main.source

    @property
    def run(self) -> Run:
        """The lesson's own, as its training shows it."""
        return self.main.run


def set_up(reading: Reading) -> Bench:
    """The bench of a lesson. Raises InputErrors, one for everything that is wrong with its sections."""
    faults: list[InputError] = []
    known: dict[str, Configuration] = {}
    results = _made(faults, lambda: Results.read(reading)) or Results()
    main = _Maker(reading, faults, known, results).main()
    if main is None or faults:
        raise InputErrors(faults)
    return Bench(main)


def stand_in(reading: Reading) -> Bench | None:
    """Where a lesson has no bench: one of which names and times are what is meant, as far as that can be told, and
    numbers are not. None where not so much can be made of its sections."""
    model, data = reading.model or reading.mended[0], reading.data or reading.mended[1]
    if model is None or data is None:
        return None
    cell = model.cell
    if cell is not None and cell not in CELLS:
        cell = next(iter(get_close_matches(cell.casefold(), CELLS)), None)
    if cell is None and model.equations is None:
        return None
    hidden = model.hidden if reading.model or "hidden" in model.model_fields_set else _WIDE
    model = model.model_copy(update={"cell": cell, "hidden": hidden, "init": "glorot", "initial": {}})
    try:
        return set_up(replace(reading, model=model, data=data, clamp=()))
    except InputErrors:
        return None


def _made(faults: list[InputError], make: Callable[[], A]) -> A | None:
    """What `make` gives; None where it cannot, and why is then among the faults."""
    try:
        return make()
    except InputErrors as error:
        faults += error.errors
    except InputError as error:
        faults.append(error)
    return None


@dataclass
class _Maker:
    """Makes the configurations of one lesson; what is wrong with one is no reason not to look at the others."""

    reading: Reading
    faults: list[InputError]
    known: dict[str, Configuration]
    results: Results
    given: dict[str, Description] = field(default_factory=dict)

    def main(self) -> Configuration | None:
        """The lesson's own configuration, the cases in it; None where there are faults."""
        file, faults = self.reading, self.faults
        model, data = file.model, file.data
        if model is None or data is None:
            source = None if data is None else _made(faults, lambda: source_of(file, data))
            model = model or file.mended[0]
            if model is not None:
                _made(faults, lambda: cell_of(file, model, source, ("model",)))
            return None
        self.given[MAIN] = Description(model, data, file.bptt or BpttPart(), file.training, file.clamp)
        main = self._configured(MAIN)
        for name, case in file.cases.items():
            sections = _made(faults, lambda name=name, case=case: self._case(name, case))  # type: ignore[misc]  # bound
            if sections is not None:
                self.given[name] = sections
                self._configured(name)
        return main

    def _case(self, name: str, case: CasePart) -> Description:
        where: Path = ("compare",) if name == OTHER else ("cases", name)
        base = case.like or MAIN
        if base not in self.given:
            reason = f"no case above is called {base!r}; {near(base, list(self.given))}"
            raise self.reading.fault((*where, "like"), reason)
        return over(self.reading, self.given[base], case, name, where)

    def _configured(self, name: str) -> Configuration | None:
        """One configuration; None where there are faults."""
        file, faults, sections = self.reading, self.faults, self.given[name]
        source = _made(faults, lambda: source_of(file, sections.data, sections.place("data")))
        cell = _made(faults, lambda: cell_of(file, sections.model, source, sections.place("model")))
        if source is None or cell is None:
            return None
        made = _made(faults, lambda: self._configuration(sections, cell, source))
        if made is not None:
            self.known[name] = made
        return made

    def _configuration(self, sections: Description, cell: Cell, source: Source) -> Configuration:
        file, model, bptt = self.reading, sections.model, sections.bptt
        window = None if bptt.window == "full" else bptt.window
        check_cost(file, sections, cell, source, window)
        try:
            made = _model(file, sections, cell, source)
            edits = tuple(self._edits(sections, cell, source.T))
            run = Run(made, source.x, source.y, model.initial, window, bptt.stride, edits)
        except ModelError as error:
            raise _placed(file, sections, error) from None
        begun: Configuration | None = None
        if sections.trained is not None:
            if sections.trained not in self.known:
                reason = f"no case above is called {sections.trained!r}; {near(sections.trained, self.known)}"
                raise file.fault((*sections.where, "trained"), reason)
            begun = self.known[sections.trained]
            if begun.model.parameters.keys() != made.parameters.keys() or any(
                array.shape != made.parameters[name].shape for name, array in begun.model.parameters.items()
            ):
                raise file.fault((*sections.where, "trained"), f"{sections.trained} has other parameters than this")
        return Configuration(
            label=sections.label,
            source=source,
            untrained=run,
            learning=learning_of(file, sections, made, source, window),
            begun=begun,
            cases=self.known,
            results=self.results,
        )

    def _edits(self, sections: Description, cell: Cell, T: int) -> Iterator[Edit]:
        for n, text in enumerate(sections.clamp):
            try:
                yield parse_edit(text, cell, T)
            except ModelError as error:
                raise self.reading.fault((*sections.where, "clamp", n), error.reason) from None


def cell_of(reading: Reading, model: ModelPart, source: Source | None, at: Path) -> Cell:
    """The cell of a model section, which stands at a path of the file, with a readout for its data. Raises
    InputError, and InputErrors with everything that is wrong with its equations."""
    readout = READOUTS[source.kind if source else "classes"]
    if model.cell is not None:
        try:
            return find(model.cell, readout)
        except ModelError as error:
            raise reading.fault((*at, "cell"), error.reason) from None
    text = model.equations or ""
    named = reading.lesson.id if reading.lesson else "lesson"
    path = (*at, "equations")
    try:
        return Cell.parse(text, named, readout)
    except EquationError as error:
        if error.line > len(text.splitlines()) > 0:
            reason = f"the {readout} readout does not fit its last variable: write the loss into the text"
            raise reading.fault(path, reason) from None
        every = (error, *error.also)
        raise InputErrors(reading.fault(path, each.reason, each.line, each.column) for each in every) from None


def _model(reading: Reading, sections: Description, cell: Cell, source: Source) -> Model:
    """The model of a section. Raises bptt.InputError, or InputError for a file of parameters that does not fit."""
    part = sections.model
    sizes: dict[str, Any] = {"inputs": source.inputs, "hidden": part.hidden, "outputs": source.outputs}
    if part.parameters is None:
        return Model.create(
            cell, **sizes, seed=part.seed, init=part.init, loss=part.loss, dtype=part.dtype, layers=part.layers
        )
    path = sections.place("model", "parameters")
    file = below(reading, part.parameters, path)
    from bptt.files import load

    try:
        stored = load(file, cell.stacked(part.layers))
        return Model(stored.cell, stored.parameters, **sizes, loss=part.loss, dtype=part.dtype)
    except ModelError as error:
        what = error.argument if error.argument != str(file) else ""
        raise reading.fault(path, f"{part.parameters}: {what} {error.reason}".replace(":  ", ": ")) from None


def _placed(reading: Reading, sections: Description, error: ModelError) -> InputError:
    """What the engine cannot use, at its place in the file."""
    argument, _, name = error.argument.partition(" ")
    if argument == "edit":
        return reading.fault((*sections.where, "clamp"), error.reason)
    section = _PLACES.get(argument)
    path = sections.place(section, argument, name) if section else sections.place("model")
    return reading.fault(path, error.reason)
