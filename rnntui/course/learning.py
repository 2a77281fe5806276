"""The training of a configuration, made from its section of the file."""

from __future__ import annotations

from typing import Any

from bptt.errors import InputError as ModelError
from bptt.model import Model
from bptt.training import Training
from rnntui.course.configuration import Learning
from rnntui.course.description import Description, data_over
from rnntui.course.given import source_of, stream_of
from rnntui.course.limits import check_training
from rnntui.course.reading import Reading
from rnntui.sources import Source


def learning_of(
    file: Reading, sections: Description, model: Model, source: Source, window: int | None
) -> Learning | None:
    """How a configuration is trained; None where it is not. Raises InputError."""
    part = sections.training
    if part is None:
        return None
    at = sections.place("training")
    data = data_over(file, sections.data, part.data, (*at, "data"))
    holdout = None
    if part.holdout is not None:
        scored = source_of(file, data_over(file, sections.data, part.holdout, (*at, "holdout")), (*at, "holdout"))
        holdout = scored.x, scored.y
    batch: int | None = part.batch
    pairs: Any
    if data.task is not None:
        stream = stream_of(file, data, part.batch, (*at, "data"))
        pairs, batch = (stream if part.fresh else tuple(stream[0])), None
    else:
        read = source if data is sections.data else source_of(file, data, (*at, "data"))
        pairs = read.x, read.y
    settings = part.model_dump(
        include={"optimizer", "rate", "clip", "l1", "l2", "iterations", "seed", "carry", "every"}
    )
    settings |= {"batch": batch, "holdout": holdout, "initial": sections.model.initial or None}
    settings |= {"window": window, "stride": sections.bptt.stride}
    try:
        check_training(file, at, model, Training(model, pairs, **settings))
    except ModelError as error:
        key, _, rest = error.argument.partition(" ")
        keys = [k for k in (key, rest) if k]
        raise file.fault((*at, *keys), error.reason if not rest else f"{rest}: {error.reason}") from None
    shown = {"before": 0, "after": part.iterations}.get(str(part.show))
    return Learning(pairs, settings, part.iterations, part.show if isinstance(part.show, int) else shown or 0)
