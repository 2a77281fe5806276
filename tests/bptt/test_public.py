"""The public names and what each is, as a program outside would use them; and what importing the engine loads."""

import inspect
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import bptt

CORE = Path(bptt.__file__).parents[1]
TEXT = """
q[t] = tanh(A @ x[t] + R @ q[t-1] + k)   # a reading
mem[t] = 0.9 * mem[t-1] + 0.1 * q[t]     # a store
"""


def sequences(T=4, D=3, K=2):
    random = np.random.default_rng(0)
    return random.normal(size=(T, D)), random.integers(0, K, T)


def test_the_names_of_the_contract_are_there():
    names = "CELLS Cell Model Run Step Trace trace gradcheck load save InputError EquationError Equation"
    assert set(names.split()) <= set(bptt.__all__)
    assert all(hasattr(bptt, name) for name in bptt.__all__)
    assert issubclass(bptt.InputError, ValueError)
    assert issubclass(bptt.EquationError, ValueError)


def test_signatures_have_the_arguments_of_the_contract():
    def arguments(function):
        return {
            name: parameter.default
            for name, parameter in inspect.signature(function).parameters.items()
            if name != "self" and parameter.default is not inspect.Parameter.empty
        }

    assert arguments(bptt.Cell.parse) == {"name": "mine", "readout": "softmax"}
    given = arguments(bptt.Model.create)
    assert (given["seed"], given["dtype"], given["init"], given["loss"]) == (0, "float64", "glorot", "sum")
    assert arguments(bptt.trace) == {"initial": None, "window": None, "stride": None, "reset": False}
    assert arguments(bptt.Run.__init__) == {
        "initial": None,
        "window": None,
        "stride": None,
        "edits": (),
        "policy": None,
    }
    assert arguments(bptt.gradcheck)["step"] == 1e-6


def test_the_built_in_cells_are_a_mapping_of_cells():
    names = ["rnn", "rnn-sigmoid", "rnn-relu", "lstm", "lstm-sigma", "gru", "gru-reset-after"]
    assert set(names) <= set(bptt.CELLS)
    for name in bptt.CELLS:
        assert isinstance(bptt.CELLS[name], bptt.Cell)
        assert bptt.CELLS[name].name == name


def test_no_built_in_cell_uses_the_readouts_names_outside_it():
    for name, cell in bptt.CELLS.items():
        assert cell.readout == {"V": "V", "c": "c", "z": "z", "p": "p", "L": "L"}, name
        for equation in cell.equations:
            if equation.target not in "zpL":
                assert not {"V", "c", "z[t]", "p[t]"} & set(equation.reads), name


def test_a_cell_of_ones_own_says_what_it_is():
    cell = bptt.Cell.parse(TEXT, name="store")
    assert isinstance(cell.equations, tuple)
    assert isinstance(cell.backward, tuple)
    first = cell.equations[0]
    assert str(first) == "q[t] = tanh(A @ x[t] + R @ q[t-1] + k)"
    assert (first.target, first.reads, first.comment) == ("q", ("A", "x[t]", "R", "q[t-1]", "k"), "a reading")
    assert [e.target for e in cell.equations] == ["q", "mem", "z", "p", "L"]
    assert cell.parameters == {
        "A": ("hidden", "inputs"),
        "R": ("hidden", "hidden"),
        "k": ("hidden",),
        "V": ("outputs", "hidden"),
        "c": ("outputs",),
    }


def test_the_recursion_of_the_book_is_derived():
    lines = [str(equation) for equation in bptt.CELLS["rnn"].backward]
    assert "∇h[t] = Wᵀ(∇h[t+1] ⊙ (1 − h[t+1]²)) + Vᵀ∇z[t]" in lines


def test_a_model_is_made_of_sizes_or_of_arrays():
    made = bptt.Model.create("gru", inputs=3, hidden=4, outputs=2, seed=5)
    assert type(made.parameters) is dict
    assert bptt.Model("gru", parameters=made.parameters) == made
    assert (made.inputs, made.hidden, made.outputs) == (3, 4, 2)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"W": None}, r"parameters: missing W of shape \(hidden, hidden\)"),
        ({"Q": np.ones(2)}, "parameters: rnn has no parameter 'Q'"),
        ({"b": np.ones(3)}, r"b: got shape \(3,\), expected \(4,\) = \(hidden,\)"),
        ({"V": np.ones((2, 2, 2))}, r"V: got shape \(2, 2, 2\), expected \(2, 4\) = \(outputs, hidden\)"),
    ],
)
def test_a_missing_extra_or_misshapen_parameter_is_named(change, expected):
    parameters = bptt.Model.create("rnn", 3, 4, 2).parameters | change
    parameters = {name: array for name, array in parameters.items() if array is not None}
    with pytest.raises(bptt.InputError, match=expected):
        bptt.Model("rnn", parameters)


@pytest.mark.parametrize(
    ("x", "y", "initial", "expected"),
    [
        (np.ones((4, 5)), [0, 1, 0, 1], None, r"x: got float64 of shape \(4, 5\), expected floats \(T, 3\)"),
        (np.ones(4), [0, 1, 0, 1], None, r"x: got float64 of shape \(4,\), expected floats \(T, 3\)"),
        ([0, 1, 3, 1], [0, 1, 0, 1], None, r"x\[2\] = 3, expected 0…2"),
        (np.ones((4, 3)), [0, 1, 0], None, r"y: got shape \(3,\), expected \(4,\) or \(4, 1\)"),
        (np.ones((4, 3)), [0, 1, 0, 2], None, r"y\[3\] = 2, expected 0…1 or −1"),
        (np.ones((4, 3)), np.ones((4, 2)), None, r"y: got float64 of shape \(4, 2\), expected integers"),
        (np.ones((4, 3)), [0, 1, 0, 1], {"s": [0.0]}, "initial: 's' is not a variable in rnn"),
        (np.ones((4, 3)), [0, 1, 0, 1], {"h": np.ones(3)}, r"initial h: got shape \(3,\), expected \(4,\), \(1, 4\)"),
        (np.empty((0, 3)), [], None, r"x: got shape \(0, 3\): there is no timestep"),
        (np.ones((4, 3), object), [0, 1, 0, 1], None, r"x: got object of shape \(4, 3\), expected float64"),
    ],
)
def test_what_does_not_fit_is_named_with_the_shape_got_and_the_shape_expected(x, y, initial, expected):
    model = bptt.Model.create("rnn", inputs=3, hidden=4, outputs=2)
    for call in (bptt.Run, bptt.trace):
        with pytest.raises(bptt.InputError, match=expected) as caught:
            call(model, x, y, initial=initial)
        assert isinstance(caught.value, ValueError)
        assert "\n" not in str(caught.value)


def test_a_text_that_is_no_cell_is_an_equation_error_with_line_column_and_caret():
    with pytest.raises(bptt.EquationError) as caught:
        bptt.Cell.parse("q[t] = tanh(A @ x[t])\nr[t] = tahn(q[t])")
    assert (caught.value.line, caught.value.column) == (2, 8)
    assert "did you mean" in str(caught.value)
    assert "^" in str(caught.value)


def test_a_run_is_stepped_and_walked():
    cell = bptt.Cell.parse(TEXT)
    model = bptt.Model.create(cell, inputs=3, hidden=4, outputs=2)
    run = bptt.Run(model, *sequences())
    assert len(run) == 4 * (len(cell.equations) + len(cell.backward))
    step = run.step()
    assert isinstance(step, bptt.Step)
    assert (step.index, step.phase, step.t, step.target) == (0, "forward", 1, "q")
    assert step.equation == cell.equations[0]
    assert step.reads == ("A", "x[1]", "R", "q[0]", "k")
    assert step.value.shape == (1, 4)
    assert run.position == 1
    run.back()
    assert run.position == 0
    run.goto(10)
    assert run.position == 10
    assert run.finish().loss == run.trace().loss == bptt.trace(model, *sequences()).loss
    assert run.position == len(run)
    assert {step.phase for step in bptt.Run(model, *sequences())} == {"forward", "backward"}


def test_a_trace_is_a_trace_whoever_makes_it():
    model = bptt.Model.create("lstm", inputs=3, hidden=4, outputs=2)
    found = bptt.trace(model, *sequences())
    assert isinstance(found, bptt.Trace)
    assert found.values["h"].shape == (4, 1, 4)
    assert found.grads["W_f"].shape == (4, 4)
    assert found.contribution("W_f", 2).shape == (4, 4)
    assert found.grads["x"].shape == (4, 1, 3)
    assert found.initial_grads["h"].shape == (1, 4)
    assert isinstance(found.loss, float)


def test_a_model_is_saved_and_loaded(tmp_path):
    model = bptt.Model.create(bptt.Cell.parse(TEXT), inputs=3, hidden=4, outputs=2, seed=7)
    bptt.save(model, tmp_path / "model.npz")
    assert bptt.load(tmp_path / "model.npz") == model


def test_importing_the_engine_loads_numpy_and_nothing_of_the_app():
    code = (
        "import sys, bptt; bptt.Model.create('rnn', 2, 2, 2); "
        "banned = {'textual', 'rich', 'pydantic', 'click', 'safetensors', 'ruamel', 'rnntui', 'platformdirs'}; "
        "print(sorted(banned & {name.partition('.')[0] for name in sys.modules}), 'numpy' in sys.modules)"
    )
    environment = {"PYTHONPATH": str(CORE), "PATH": ""}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout.strip() == "[] True"


def test_debugger_and_diagnostics_are_there_when_they_are_asked_for():
    code = "import bptt, sys; assert 'bptt.debugger' not in sys.modules; bptt.debugger.why, bptt.diagnostics.compare"
    subprocess.run([sys.executable, "-c", code], env={"PYTHONPATH": str(CORE)}, check=True, capture_output=True)
    for package in (bptt.debugger, bptt.diagnostics):
        assert all(hasattr(package, name) for name in package.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        bptt.nothing  # noqa: B018
