"""What docs/trace-format.md shows is so: its examples run, and its tables name what is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bptt
from rnntui.reports.export import EXPORTERS
from rnntui.reports.trace_csv import COLUMNS
from rnntui.reports.trace_jsonl import numbers
from rnntui.sources.request import Request

DOCUMENT = (Path(__file__).parents[3] / "docs" / "trace-format.md").read_text(encoding="utf-8")


def examples(language: str) -> list[str]:
    fenced = re.findall(r"^```([^\n]*)\n(.*?)^```$", DOCUMENT, re.DOTALL | re.MULTILINE)
    return [text for word, text in fenced if word == language]


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What an example may use; the three files lie beside it."""
    monkeypatch.chdir(tmp_path)
    for form, exporter in EXPORTERS.items():
        with Path(f"trace.{form}").open("wb") as file:
            exporter.write(*Request().run(), file)
    return {"np": np, "json": json, "bptt": bptt, "Path": Path}


@pytest.mark.parametrize("language", ["python", "python pandas"])
def test_every_example_runs_and_gives_the_run_s_numbers(names: dict[str, Any], language: str) -> None:
    if language != "python":
        names["pd"] = pytest.importorskip("pandas")
    run, _ = Request().run()
    expected = run.trace().values["h"][:, 0]
    shown = examples(language)
    assert len(shown) >= 3
    for example in shown:
        names.pop("h", None)
        exec(compile(example, "docs/trace-format.md", "exec"), names)  # noqa: S102  # our own document
        if "h" in names:
            assert np.array_equal(np.reshape(names["h"], expected.shape), expected)
    if language == "python":
        assert names["model"] == run.model
        assert names["meta"] == names["header"]
    else:
        assert len(names["steps"]) == len(run)


def test_its_way_back_from_null_gives_every_number(names: dict[str, Any]) -> None:
    for example in examples("python"):
        exec(compile(example, "docs/trace-format.md", "exec"), names)  # noqa: S102  # our own document
    nan, inf = np.nan, np.inf
    for rows in ([[1.0, nan]], [[inf, 1.0]], [[nan, -inf, inf, 2.0], [1.0, nan, 2.0, 3.0]], [[0.5]]):
        event = json.loads("{" + numbers(np.array(rows)) + "}")
        assert np.array_equal(names["numbers"](event), rows, equal_nan=True)


def test_its_lines_of_json_are_what_is_written(names: dict[str, Any]) -> None:
    event, *nonfinite = [json.loads(line) for example in examples("json") for line in example.splitlines()]
    written = json.loads(Path("trace.jsonl").read_text(encoding="utf-8").splitlines()[1])
    assert written.keys() == event.keys()
    assert np.allclose(written.pop("value"), event.pop("value"), atol=0.01)
    assert written == event
    assert [json.loads("{" + numbers(np.array(rows)) + "}") for rows in (
        [[0.5, np.nan], [np.nan, 1.0]], [[np.nan, 2.0, np.inf]],
    )] == nonfinite  # fmt: skip


def test_its_rows_and_columns_are_what_is_written(names: dict[str, Any]) -> None:
    heading, *shown = next(block for block in examples("") if block.startswith("array")).splitlines()
    assert heading == COLUMNS
    lines = Path("trace.csv").read_text(encoding="utf-8").splitlines()
    written = dict(line.rsplit(",", 1) for line in lines)
    for line in shown:
        place, number = line.rsplit(",", 1)
        assert float(written[place]) == pytest.approx(float(number), rel=1e-12)
    table = DOCUMENT.partition("| name |")[2].partition("\n\n")[0]
    kinds = {name.split(".")[0] for name in re.findall(r"^\| `([\w.]+)`", table, re.MULTILINE)}
    with np.load("trace.npz", allow_pickle=False) as archive:
        assert {name.split(".")[0] for name in archive} == kinds
