"""Values and gradients against those that PyTorch computed (fixtures/make_torch.py): equal to 1e-10."""

import json
from pathlib import Path

import numpy as np
import pytest

from bptt import Model, trace
from bptt.cells import find

FIXTURES = sorted((Path(__file__).parent / "fixtures").glob("*.npz"), key=lambda path: path.stem)
AGREES = 1e-10


@pytest.fixture(params=FIXTURES, ids=[path.stem for path in FIXTURES])
def recorded(request):
    with np.load(request.param, allow_pickle=False) as archive:
        return dict(archive)


def named(recorded, prefix):
    return {key.removeprefix(prefix): array for key, array in recorded.items() if key.startswith(prefix)}


def model_of(about, parameters):
    return Model(find(about["cell"], about["readout"]), parameters, loss=about["loss"], layers=about["layers"])


def test_every_cell_that_pytorch_can_run_was_recorded():
    cells, stacked = set(), set()
    for path in FIXTURES:
        with np.load(path, allow_pickle=False) as archive:
            about = json.loads(str(archive["about"]))
            (stacked if about["layers"] == 2 else cells).add(about["cell"])
    assert stacked == {"rnn", "lstm", "gru-reset-after"}
    assert cells == {"rnn", "rnn-sigmoid", "rnn-relu", "lstm", "lstm-sigma", "gru", "gru-reset-after"}


def test_values_and_gradients_are_those_of_pytorch(recorded):
    about = json.loads(str(recorded["about"]))
    model = model_of(about, named(recorded, "param."))
    found = trace(model, recorded["x"], recorded["y"], named(recorded, "initial."))
    assert found.loss == pytest.approx(float(recorded["loss"]), rel=AGREES, abs=0)
    for name, values in named(recorded, "value.").items():
        assert values.any()
        assert found.values[name].shape == values.shape
        np.testing.assert_allclose(found.values[name], values, rtol=AGREES, atol=AGREES, err_msg=name)
    gradients = named(recorded, "grad.")
    last = "h" if about["layers"] == 1 else f"h{about['layers']}"
    assert set(model.parameters) | {"x", last, "z"} <= set(gradients)
    for name, gradient in gradients.items():
        assert gradient.any()
        np.testing.assert_allclose(found.grads[name], gradient, rtol=AGREES, atol=AGREES, err_msg=name)
    for name, gradient in named(recorded, "initial_grad.").items():
        np.testing.assert_allclose(found.initial_grads[name], gradient, rtol=AGREES, atol=AGREES, err_msg=name)


def test_masked_times_have_no_loss_and_send_nothing_back(recorded):
    about = json.loads(str(recorded["about"]))
    y = recorded["y"]
    missing = y < 0 if about["readout"] == "softmax" else np.isnan(y).all(axis=-1)
    assert missing.any()
    model = model_of(about, named(recorded, "param."))
    found = trace(model, recorded["x"], y, named(recorded, "initial."))
    assert not found.values["L"][missing].any()
    assert not found.grads["z"][missing].any()
