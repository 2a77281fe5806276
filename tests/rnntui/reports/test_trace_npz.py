"""An .npz holds every array of a run, opens without pickle, and is the model too."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import bptt
from rnntui.reports.trace_npz import write_npz
from rnntui.sources.request import Request

from .conftest import Pipe, Recorded


def opened(recorded: Recorded) -> dict[str, NDArray[Any]]:
    file = io.BytesIO()
    write_npz(*recorded, file)
    file.seek(0)
    with np.load(file, allow_pickle=False) as archive:
        return dict(archive)


def test_the_numbers_worked_out_by_hand_are_in_it(by_hand: Recorded) -> None:
    found = opened(by_hand)
    expected = {
        "x": [1, 2], "y": [2, 3], "value.m": [1, 2.5], "value.z": [2, 5], "value.L": [0, 2],
        "grad.L": [1, 1], "grad.z": [0, 2], "grad.m": [2, 4], "grad.x": [2, 4],
        "param.W": [0.5], "param.U": [1], "param.V": [2], "param.c": [0],
        "grad.W": [4], "grad.U": [10], "grad.V": [5], "grad.c": [2],
        "initial.m": [0], "initial_grad.m": [1],
    }  # fmt: skip
    assert {name: array.ravel().tolist() for name, array in found.items() if name != "__meta__"} == expected


def test_every_array_of_the_trace_is_in_it_under_its_name_and_shape(odd: Recorded) -> None:
    run, source = odd
    found = opened(odd)
    trace = run.trace()
    T, B, H, K = 5, 2, 3, source.outputs
    assert found["x"].shape == (T, B, K)
    assert found["y"].shape == (T, B)
    assert np.array_equal(found["x"].argmax(axis=-1), source.x)
    assert np.array_equal(found["y"], source.y)
    assert found["value.L"].shape == (T, B)
    assert found["value.mem"].shape == found["grad.a_q"].shape == (T, B, H)
    assert found["initial.mem"].shape == found["initial_grad.mem"].shape == (2, B, H)
    for kind, arrays in (
        ("value", trace.values),
        ("grad", trace.grads),
        ("initial", trace.initial),
        ("initial_grad", trace.initial_grads),
        ("param", run.model.parameters),
    ):
        for name, array in arrays.items():
            assert np.array_equal(found[f"{kind}.{name}"], array)
            assert found[f"{kind}.{name}"].dtype == array.dtype
    assert set(trace.values) == {"a_q", "q", "mem", "z", "p", "L"}
    assert set(trace.grads) == {*trace.values, *run.model.parameters, "x"}
    assert list(found) == sorted(found)


def test_the_meta_says_what_was_run(odd: Recorded) -> None:
    run, source = odd
    meta = json.loads(str(opened(odd)["__meta__"]))
    assert (meta["format"], meta["version"], meta["name"], meta["seed"]) == ("rnntui-trace", 1, "odd", 0)
    assert meta["dims"] == {"inputs": 9, "hidden": 3, "outputs": 9}
    assert bptt.Cell.parse(meta["cell"]) == run.model.cell
    assert (meta["T"], meta["B"], meta["steps"]) == (5, 2, len(run))
    assert meta["source"] == {"source": "text", "text": "hello world!", "length": 6, "batch": 2}
    assert meta["vocabulary"] == list(source.vocabulary or ())


def test_it_opens_as_a_model_that_runs_alike(odd: Recorded, tmp_path: Path) -> None:
    run, source = odd
    with (tmp_path / "a.npz").open("wb") as file:
        write_npz(run, source, file)
    model = bptt.load(tmp_path / "a.npz")
    assert model == run.model
    assert model.seed == 0
    assert bptt.trace(model, source.x, source.y).loss == run.trace().loss


def test_the_same_run_gives_the_same_bytes_to_a_file_and_to_a_pipe(odd: Recorded) -> None:
    written = []
    for recorded, file in ((odd, io.BytesIO()), (odd, Pipe()), (Request(text="hello").run(), io.BytesIO()),
                           (Request(text="hello").run(), io.BytesIO())):  # fmt: skip
        write_npz(*recorded, file)
        written.append(file.getvalue())
    assert written[0] == written[1]
    assert written[2] == written[3] != written[0]


def test_what_is_not_finite_and_what_has_no_target_stay(broken: Recorded, tmp_path: Path) -> None:
    found = opened(broken)
    assert np.isneginf(found["value.r2"][0, 0]).tolist() == [True, False, True, True]
    assert np.isnan(found["value.L"]).all()
    np.save(tmp_path / "x.npy", np.ones((2, 1)))
    np.save(tmp_path / "y.npy", np.array([np.nan, 3.0]))
    found = opened(Request(npy=str(tmp_path / "x.npy"), targets=str(tmp_path / "y.npy")).run())
    assert np.array_equal(found["y"], [[[np.nan]], [[3.0]]], equal_nan=True)
    assert found["value.L"][0] == 0


def test_a_long_text_is_not_repeated_in_the_meta() -> None:
    text = "ab" * 600
    meta = json.loads(str(opened(Request(text=text, length=1_200).run())["__meta__"]))
    assert meta["source"] == {"source": "text", "length": 1_200, "batch": 1}
