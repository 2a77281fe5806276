"""JSON Lines: a header, then one event a step; never a bare NaN, and nothing held in memory."""

from __future__ import annotations

import io
import json
import tracemalloc
from typing import Any, NoReturn

import numpy as np
import pytest

from rnntui.reports.trace_jsonl import count_numbers, numbers, write_jsonl
from rnntui.sources.request import Request

from .conftest import Recorded


def strict(text: str) -> Any:
    """What a JSON text holds, by the letter of the standard."""

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def read(recorded: Recorded) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    file = io.BytesIO()
    write_jsonl(*recorded, file)
    text = file.getvalue().decode()
    assert text.endswith("\n")
    header, *events = map(strict, text.splitlines())
    return header, events


def test_every_step_is_one_event_in_order(odd: Recorded) -> None:
    run = odd[0]
    header, events = read(odd)
    assert header["format"] == "rnntui-trace"
    assert header["steps"] == len(events) == len(run)
    for step, event in zip(run, events, strict=True):
        assert event == {
            "index": step.index,
            "phase": step.phase,
            "t": step.t,
            "target": step.target,
            "equation": str(step.equation),
            "value": step.value.tolist(),
        }


def test_the_events_of_the_run_worked_out_by_hand(by_hand: Recorded) -> None:
    events = [(e["phase"], e["t"], e["target"], e["value"]) for e in read(by_hand)[1]]
    assert events[:6] == [
        ("forward", 1, "m", [[1.0]]), ("forward", 1, "z", [[2.0]]), ("forward", 1, "L", [0.0]),
        ("forward", 2, "m", [[2.5]]), ("forward", 2, "z", [[5.0]]), ("forward", 2, "L", [2.0]),
    ]  # fmt: skip
    found = {(t, target): value for phase, t, target, value in events if phase == "backward"}
    assert found == {
        (2, "L"): [1.0], (2, "z"): [[2.0]], (2, "c"): [2.0], (2, "V"): [[5.0]], (2, "m"): [[4.0]],
        (2, "W"): [[4.0]], (2, "U"): [[8.0]],
        (1, "L"): [1.0], (1, "z"): [[0.0]], (1, "c"): [2.0], (1, "V"): [[5.0]], (1, "m"): [[2.0]],
        (1, "W"): [[4.0]], (1, "U"): [[10.0]],
    }  # fmt: skip
    assert read(by_hand)[1][9]["equation"] == "∇V += ∇z[t] m[t]ᵀ"


def test_what_is_not_finite_is_null_beside_its_kind() -> None:
    def written(*rows: list[float]) -> Any:
        return strict("{" + numbers(np.array(rows)) + "}")

    nan, inf = float("nan"), float("inf")
    assert written([0.5, 1.0]) == {"value": [[0.5, 1.0]]}
    assert written([0.5, nan], [nan, 1.0]) == {"value": [[0.5, None], [None, 1.0]], "nonfinite": "nan"}
    assert written([inf, 2.0]) == {"value": [[None, 2.0]], "nonfinite": "inf"}
    assert written([-inf, -inf]) == {"value": [[None, None]], "nonfinite": "-inf"}
    assert written([nan, 2.0, inf]) == {"value": [[None, 2.0, None]], "nonfinite": [["nan", None, "inf"]]}


def test_a_run_that_is_not_finite_is_still_json(broken: Recorded) -> None:
    events = read(broken)[1]
    assert events[0]["value"] == [[None, 0.0, None, None]]
    assert events[0]["nonfinite"] == "-inf"
    assert events[1]["value"] == [[None, 0.0, None, None]]
    assert events[1]["nonfinite"] == "nan"


def test_numbers_read_back_as_they_were_in_both_precisions() -> None:
    for dtype in ("float64", "float32"):
        run, source = Request(cell="gru", dtype=dtype).run()
        events = read((run, source))[1]
        for step, event in zip(run, events, strict=True):
            assert np.array_equal(np.array(event["value"], dtype), step.value)


def test_the_count_is_that_of_the_numbers_written(odd: Recorded) -> None:
    assert count_numbers(odd[0]) == sum(np.size(event["value"]) for event in read(odd)[1])


def test_the_header_holds_no_character_that_steers_a_terminal(tmp_path: Any) -> None:
    file = tmp_path / "a.txt"
    file.write_text("q[t] = tanh(U @ x[t])  # \x1b[31m\u202e\x9b\n")
    out = io.BytesIO()
    write_jsonl(*Request(cell=str(file), text="a\x1b\u202eb").run(), out)
    assert not {"\x1b", "\u202e", "\x9b"} & set(out.getvalue().decode())


def test_lines_are_written_as_they_come() -> None:
    class StoppedError(Exception):
        pass

    class Nowhere(io.BytesIO):
        lines = 0

        def write(self, data: Any) -> int:
            self.lines += 1
            if self.lines == 5:
                raise StoppedError
            return len(data)

    run, source = Request(text="ab" * 400).run()
    with pytest.raises(StoppedError):
        write_jsonl(run, source, Nowhere())
    assert run.filled == 4


def test_the_text_is_not_gathered_in_memory() -> None:
    class Count(io.BytesIO):
        size = 0

        def write(self, data: Any) -> int:
            self.size += len(data)
            return len(data)

    run, source = Request(hidden=24, text="ab" * 60).run()
    run.finish()
    out = Count()
    tracemalloc.start()
    try:
        write_jsonl(run, source, out)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert out.size > 2_000_000
    assert peak < out.size / 4
