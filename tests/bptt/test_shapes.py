"""The dims that follow from a text, and where two of them cannot be one."""

import pytest

from bptt import CELLS, Cell, EquationError, Model
from bptt.language import parse_equations
from bptt.shapes import infer, is_scalar


def dims(text):
    shapes = infer(parse_equations(text), text)
    return {**shapes.variables, **shapes.parameters}


def refused(text):
    with pytest.raises(EquationError) as caught:
        Cell.parse(text)
    return caught.value


def test_the_plain_network():
    assert CELLS["rnn"].parameters == {
        "b": ("hidden",),
        "W": ("hidden", "hidden"),
        "U": ("hidden", "inputs"),
        "c": ("outputs",),
        "V": ("outputs", "hidden"),
    }
    assert CELLS["rnn"].dims == {"a": "hidden", "h": "hidden", "z": "outputs", "p": "outputs", "L": "scalar"}


def test_what_nothing_fixes_is_hidden():
    assert dims("q[t] = W @ q[t-1]") == {"q": "hidden", "W": ("hidden", "hidden")}


def test_a_sum_with_the_input_has_the_inputs_size():
    assert dims("q[t] = x[t] + W @ m[t-1]\nm[t] = k * q[t]") == {
        "q": "inputs",
        "m": "inputs",
        "W": ("inputs", "inputs"),
        "k": ("inputs",),
    }


def test_a_chain_of_matrices_meets_in_the_middle():
    found = dims("q[t] = A @ B @ x[t]")
    assert found == {"q": "hidden", "A": ("hidden", "hidden"), "B": ("hidden", "inputs")}


def test_the_prediction_fixes_the_outputs():
    found = dims("s[t] = V @ tanh(U @ x[t]) + c\nF[t] = squared_error(2 * s[t], y[t])")
    assert found["s"] == "outputs"
    assert found["V"] == ("outputs", "hidden")
    assert found["F"] == "scalar"


def test_a_later_equation_may_fix_an_earlier_ones_dim():
    found = dims("q[t] = k * q[t-1] + n[t-1]\nn[t] = q[t] * x[t]")
    assert found == {"q": "inputs", "n": "inputs", "k": ("inputs",)}


@pytest.mark.parametrize("function", ["sum", "mean", "max", "min", "norm"])
def test_a_reduction_is_a_scalar_and_goes_with_any_dim(function):
    found = dims(f"m[t] = {function}(q[t-1])\nq[t] = m[t] * x[t] + 2 * m[t]")
    assert found == {"m": "scalar", "q": "inputs"}


@pytest.mark.parametrize("function", ["tanh", "softmax", "layer_norm", "abs", "batch_norm"])
def test_other_functions_keep_the_dim(function):
    assert dims(f"q[t] = {function}(x[t])") == {"q": "inputs"}


def test_a_state_that_reads_itself_is_a_vector_whatever_is_added():
    assert dims("m[t] = 0.5 * m[t-1] + norm(x[t])\nq[t] = W @ m[t]")["m"] == "hidden"


def test_named_arguments_have_dims_too():
    cell = Cell.parse("m[t] = norm(W @ x[t])\nq[t] = tanh(m[t] * x[t])")
    assert (cell.dims["a_m"], cell.dims["a_q"]) == ("hidden", "inputs")


def test_a_shared_parameter_has_one_shape():
    found = dims("q[t] = W @ x[t] + W @ q[t-1]")
    assert found == {"q": "inputs", "W": ("inputs", "inputs")}


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("h[t] = W + W @ h[t-1]", 1, 8, "W is used both as a matrix (before @) and as a vector"),
        ("h[t] = W @ x[t]\n  k[t] = h[t] * W", 2, 17, "W is used both as a matrix"),
        ("h[t] = U @ x[t]\nm[t] = A @ norm(h[t])", 2, 8, "the right of A @ is a single number"),
        ("h[t] = x[t]\nz[t] = h[t] + 1\nL[t] = cross_entropy(z[t], y[t])", 3, 8, "the loss's prediction"),
        (
            "z[t] = V @ x[t]\nL[t] = cross_entropy(z[t], y[t])\nk[t] = z[t] *  x[t]",
            3,
            16,
            "k would have to have both the inputs' and the outputs' size: put a matrix between",
        ),
        ("h[t] = U @ x[t]\n m[t] = norm(h[t])", 2, 2, "m is a single number: a readout reads the last variable"),
    ],
)
def test_a_conflict_names_its_place(text, line, column, reason):
    error = refused(text)
    assert reason in error.reason
    assert (error.line, error.column) == (line, column)


def test_dims_hold_for_the_recorded_arrays(any_cell, run_of):
    run = run_of(any_cell, T=3, B=4)
    trace = run.finish()
    for name, dim in any_cell.dims.items():
        if name != any_cell.loss:
            assert trace.values[name].shape == (3, 4, run.model.size(dim)), name
    for name, axes in any_cell.parameters.items():
        assert trace.grads[name].shape == tuple(run.model.size(dim) for dim in axes), name


def test_scalars_are_told_by_what_they_are_made_of():
    (equation,) = parse_equations("q[t] = 2 * norm(x[t]) + q[t-1]")
    assert is_scalar(equation.expression, {"q"})
    assert not is_scalar(equation.expression, ())


def test_a_scalar_prediction_is_one_output():
    cell = Cell.parse("h[t] = tanh(U @ x[t])\nJ[t] = squared_error(sum(h[t]), y[t])")
    assert Model.create(cell, inputs=2, hidden=3, outputs=1).outputs == 1
