"""A run with checkpoints stays small, all of its process counted."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "long.py"


def measured(*arguments):
    """What the benchmark finds, in a process of its own."""
    core = str(SCRIPT.parents[1] / "core")
    found = subprocess.run(
        [sys.executable, str(SCRIPT), "--json", "-", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": core},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(found.stdout)


def test_twenty_thousand_times_take_a_third_of_the_record():
    found = measured("--times", 20_000, "--policy", "checkpoints", "--places", 10)
    record = 2 * 20_000 * 8 * (6 * 64 + 4 * 64 + 3 * 30 + 1) / 1e6
    assert found["peak"] < 100
    assert found["peak"] - found["imported"] < record / 3


@pytest.mark.nightly
def test_a_hundred_thousand_times_of_an_lstm_fit_into_150_megabytes():
    found = measured("--times", 100_000, "--places", 60)
    assert found["policy"] == "checkpoints"
    assert found["peak"] < 150
