"""What a finished run leaves to be written down: its arrays by name, and a few words about them."""

from __future__ import annotations

import json
from typing import Any

from numpy.typing import NDArray

from bptt.files import FORMATS, meta, parameters
from bptt.run import Run
from rnntui.sources.source import Source

_LONGEST = 1_000
"""Characters of one entry of a source's description; what is longer is left out."""


def arrays_of(run: Run) -> dict[str, NDArray[Any]]:
    """Name → array, sorted, the run being finished first: `value.NAME`, `grad.NAME` (T, B, unit), the loss (T, B);
    `initial.NAME`, `initial_grad.NAME` (B, unit), or (k, B, unit) for lags up to k; `param.NAME` and the `grad.NAME` of
    a parameter in its own shape; `x` (T, B, D); `y` (T, B) classes or (T, B, K) values."""
    trace = run.trace()
    found = {"x": run.x, "y": run.y, **parameters(run.model)}
    for kind, arrays in (
        ("value", trace.values),
        ("grad", trace.grads),
        ("initial", trace.initial),
        ("initial_grad", trace.initial_grads),
    ):
        found |= {f"{kind}.{name}": array for name, array in arrays.items()}
    return dict(sorted(found.items()))


def header_of(run: Run, source: Source) -> str:
    """One line of JSON, in ASCII: format, version, name, cell, dims, seed, init, loss, dtype, T, B, steps, the source's
    description, and its vocabulary; of an edited run its edits."""
    schedule = run.schedule
    known = {key: value for key, value in source.description.items() if len(str(value)) <= _LONGEST}
    about = {
        **meta(run.model, FORMATS[1]),
        "T": run.T,
        "B": run.B,
        "steps": len(run),
        **({"window": schedule.window, "stride": schedule.stride} if schedule.truncated else {}),
        **({"edits": [str(edit) for edit in run.edits]} if run.edits else {}),
        "source": known,
        "vocabulary": source.vocabulary,
    }
    return json.dumps(about, allow_nan=False)
