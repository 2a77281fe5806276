"""The recorded results of the lessons: each has a command that makes it, and what is made is what is shipped."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks import duel, faults, remedies, sunspots, truncation
from bptt import CELLS
from bptt.faults import faulty

ROOT = Path(__file__).parents[2]
DATA = ROOT / "lessons" / "data"
MADE = sorted(DATA.glob("*.json"))
MAKERS = (duel, faults, remedies, sunspots, truncation)


def shipped(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.stem)
def test_each_names_the_command_that_makes_it_again_every_night(path):
    (module,) = re.fullmatch(r"python -m benchmarks\.(\w+)", shipped(path.name)["made_by"]).groups()
    assert (ROOT / "benchmarks" / f"{module}.py").exists()
    nightly = (ROOT / "Makefile").read_text(encoding="utf-8").split("\nnightly:")[1].split("\n\n")[0]
    assert f"-m benchmarks.{module}" in nightly


def test_every_file_is_told_of():
    told = (DATA / "README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in told for path in DATA.iterdir() if path.name != "README.md")


@pytest.mark.parametrize("path", MADE, ids=lambda path: path.stem)
def test_no_clock_is_read_for_it(path):
    assert "second" not in path.read_text(encoding="utf-8")


def test_there_is_a_row_for_each_thing_that_is_compared():
    assert list(shipped("remedies.json")["rows"]) == [remedy.key for remedy in remedies.REMEDIES]
    assert list(shipped("duel.json")["rows"]) == [fighter.key for fighter in duel.FIGHTERS]
    rows = {key for key, row in shipped("faults.json").items() if isinstance(row, dict)}
    assert rows == {"right", *(fault.replace("-", "_") for fault in faults.PLANTED)}
    assert len(shipped("truncation.json")["text"]) == len(truncation.WINDOWS)
    assert len(shipped("truncation.json")["recall"]) == len(truncation.RECALL_WINDOWS)


def test_the_wrong_gradients_are_as_far_off_as_is_recorded():
    for fault in ("order", "transpose"):
        off = [faults.distance(faulty(CELLS["rnn"], fault), seed) for seed in range(20)]
        row = shipped("faults.json")[fault]
        assert row["error"] == pytest.approx(np.median([one.error for one in off]), rel=0.01)
        assert row["cosine"] == pytest.approx(np.median([one.cosine for one in off]), rel=0.01)
        assert row["downhill"] == sum(one.downhill for one in off)


def test_how_far_the_gradient_reaches_at_the_start_is_as_recorded():
    for remedy in remedies.REMEDIES:
        starts = [remedies.reach(remedies.net(remedy, seed), seed) for seed in range(20)]
        assert shipped("remedies.json")["rows"][remedy.key]["reach_start"] == pytest.approx(np.median(starts), rel=0.05)


def test_cost_is_the_work_of_a_training_beside_that_with_nothing_done():
    rows = shipped("remedies.json")["rows"]
    assert rows["hardware"]["cost"] == 10
    assert rows["lstm_3"]["cost"] == pytest.approx(154 / 46, abs=0.01)


def test_the_text_is_cut_into_what_is_learned_and_what_is_held_out():
    letters, (x, y), (later, _) = truncation.parts()
    text = truncation.TEXT.read_text(encoding="utf-8")
    said = "".join(letters[code] for code in x.T.ravel())
    assert text.startswith(said)
    assert "".join(letters[code] for code in y.T.ravel()) == text[1 : len(said) + 1]
    assert "".join(letters[code] for code in later.T.ravel()) in text[len(said) :]


def test_the_net_of_the_sunspots_is_what_its_maker_trains():
    made = sunspots.trained(sunspots.SEED).parameters
    with np.load(sunspots.NET) as net:
        assert list(net) == list(made)
        for name in net:
            np.testing.assert_allclose(net[name], made[name], rtol=1e-4, atol=1e-6)


@pytest.mark.nightly
@pytest.mark.parametrize("module", MAKERS, ids=lambda module: module.__name__)
def test_all_of_it_comes_out_the_same_again(module, tmp_path, monkeypatch):
    monkeypatch.setattr("sys.argv", ["benchmark"])
    monkeypatch.setattr(module, "RESULTS", tmp_path / "made.json")
    monkeypatch.setattr(sunspots, "NET", tmp_path / "made.npz")
    known = module.RESULTS.parent
    module.main()
    assert json.loads((known / "made.json").read_text(encoding="utf-8")) == shipped(
        f"{module.__name__.split('.')[1]}.json"
    )
