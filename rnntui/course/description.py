"""What a lesson's file says of one run: the sections of the lesson itself, or those with a case put over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rnntui.course.document import Path
from rnntui.course.lesson import MAIN
from rnntui.course.reading import Reading
from rnntui.course.sections import SOURCES, BpttPart, CasePart, DataPart, ModelPart, TrainingPart

_CELL = ("cell", "equations")


@dataclass(frozen=True)
class Description:
    """What is said of one run, and where it stands in the file."""

    model: ModelPart
    data: DataPart
    bptt: BpttPart
    training: TrainingPart | None
    clamp: tuple[str, ...]
    label: str = MAIN
    where: Path = ()
    """The path of the case; empty for the lesson's own run."""
    trained: str | None = None

    def place(self, section: str, *keys: str | int) -> Path:
        """The path of a part of a section: that of the case has no model section of its own."""
        if self.where and section == "model":
            return (*self.where, *keys)
        return (*self.where, section, *keys)


def over(reading: Reading, base: Description, case: CasePart, name: str, where: Path) -> Description:
    """What a case says, put over what stands for the lesson's own."""
    given = {key: getattr(case, key) for key in ModelPart.model_fields if getattr(case, key) is not None}
    model = base.model.model_dump()
    other = any(key in given for key in _CELL)
    if other:
        model |= dict.fromkeys(_CELL)
        if "init" not in given and isinstance(model["init"], dict):
            model["init"] = "glorot"
        if "initial" not in given:
            model["initial"] = {}
        model["parameters"] = None
    if "init" in given:
        model["parameters"] = None
    model |= given
    training = base.training
    if case.training == "none" or (case.trained is not None and not case.training):
        training = None
    elif isinstance(case.training, dict) and case.training:
        dumped = training.model_dump() if training is not None else {}
        training = reading.validated(TrainingPart, {**dumped, **case.training}, (*where, "training"))
    return Description(
        model=reading.validated(ModelPart, model, where),
        data=data_over(reading, base.data, case.data, (*where, "data")),
        bptt=reading.validated(BpttPart, {**base.bptt.model_dump(), **case.bptt}, (*where, "bptt")),
        training=training,
        clamp=case.clamp if case.clamp is not None else () if other else base.clamp,
        label=case.label or name,
        where=where,
        trained=case.trained,
    )


def data_over(reading: Reading, base: DataPart, given: Any, path: Path) -> DataPart:
    """A data section with keys put over another; one with a source of its own stands alone."""
    if not given:
        return base
    if not isinstance(given, dict):
        raise reading.fault(path, "entries like `key: value` belong here")
    alone = any(key in given for key in SOURCES)
    return reading.validated(DataPart, dict(given) if alone else {**base.model_dump(exclude_unset=True), **given}, path)
