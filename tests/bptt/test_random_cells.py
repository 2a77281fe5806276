"""Cells that nobody wrote: texts drawn from the grammar, their gradients against central differences."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bptt import Cell, Model, Run, trace
from bptt.gradcheck import numeric_gradient, relative_error

D, H, K, T, B = 2, 2, 2, 4, 2
STEP = 1e-5
# smooth, and calm on what a bounded vector can be; relu, abs, max and min have kinks that a difference can cross
BOUNDED = ("sigmoid", "tanh", "sin", "cos", "softmax", "layer_norm", "batch_norm")
GROWING = ("softplus", "exp")
SCALARS = ("sum", "mean", "norm")
VECTORS = ("k", "m", "w")


def expressions(draw, names, depth):
    """A vector of the hidden dim, of the variables `names` (some only at earlier times)."""
    kind = draw(
        st.sampled_from(("leaf", "sum", "product", "call", "scalar", "quotient", "power") if depth else ("leaf",))
    )

    def inner():
        return expressions(draw, names, depth - 1)

    match kind:
        case "sum":
            return f"({inner()} {draw(st.sampled_from('+-'))} {inner()})"
        case "product":
            return f"({inner()} * {inner()})"
        case "call":
            return f"{draw(st.sampled_from(BOUNDED))}({inner()})"
        case "scalar":
            return f"tanh({draw(st.sampled_from(SCALARS))}({inner()})) * {inner()}"
        case "quotient":
            return f"({inner()} / (1.5 + {inner()} ** 2))"
        case "power":
            return f"{draw(st.sampled_from(GROWING))}(-({inner()}) ** 2)"
    leaf = draw(st.sampled_from(("matrix", "variable", "vector", "number")))
    match leaf:
        case "matrix":
            return f"({draw(st.sampled_from('RS'))} @ {draw(st.sampled_from(names))})"
        case "variable":
            return draw(st.sampled_from(names))
        case "vector":
            return draw(st.sampled_from(VECTORS))
    return f"{draw(st.sampled_from((0.5, 2, 1.25)))} * {draw(st.sampled_from(VECTORS))}"


@st.composite
def texts(draw):
    targets = ["q", "r2", "mem"][: draw(st.integers(1, 3))]
    lines = []
    for place, target in enumerate(targets):
        names = [f"{name}[t]" for name in targets[:place]]
        names += [f"{name}[t-{draw(st.integers(1, 3))}]" for name in targets]
        side = f"tanh(A @ x[t-{draw(st.integers(1, 2))}] + A @ x[t] + {expressions(draw, names, 3)})"
        lines.append(
            f"{target}[t] = hold({draw(st.integers(1, 3))}, {side})" if draw(st.booleans()) else f"{target}[t] = {side}"
        )
    return "\n".join(lines)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts(), st.integers(0, 2**16))
def test_the_gradients_of_random_cells_agree_with_central_differences(text, seed):
    cell = Cell.parse(text)
    random = np.random.default_rng(seed)
    sizes = {"inputs": D, "hidden": H, "outputs": K}
    drawn = {name: 0.3 + random.random(tuple(sizes[dim] for dim in dims)) for name, dims in cell.parameters.items()}
    model = Model(cell, drawn, **sizes)
    x = random.normal(size=(T, B, D))
    y = random.integers(-1, K, (T, B))
    initial = {name: random.normal(size=(lag, B, H)) for name, lag in cell.lags.items() if name != "x"}
    found = trace(model, x, y, initial)
    stepped = Run(model, x, y, initial).trace()
    largest = max(np.linalg.norm(gradient) for gradient in stepped.grads.values())
    for name, gradient in stepped.grads.items():
        # what cancels to next to nothing is rounding of what cancels
        size = max(np.linalg.norm(gradient), 1e-4 * largest)
        assert np.linalg.norm(found.grads[name] - gradient) <= 1e-12 * size, (name, text)
    for name in model.parameters:
        numeric = numeric_gradient(model, x, y, name, STEP, initial)
        # where next to nothing arrives, a difference sees only rounding
        small = max(np.linalg.norm(numeric), np.linalg.norm(found.grads[name])) < 1e-5
        assert small or relative_error(found.grads[name], numeric) < 1e-5, (name, text)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(texts(), st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_random_cells_read_the_same_however_one_gets_there(text, positions):
    cell = Cell.parse(text)
    model = Model.create(cell, D, H, K, init={"normal": 0.5})
    random = np.random.default_rng(0)
    x, y = random.normal(size=(T, B, D)), random.integers(0, K, (T, B))
    stepped = {step.index: step for step in Run(model, x, y)}
    jumped = Run(model, x, y)
    assume(stepped)
    for position in positions:
        step = jumped.goto(position % (len(jumped) + 1))
        if step is not None:
            assert str(step.equation) == str(stepped[step.index].equation)
            assert np.array_equal(step.value, stepped[step.index].value)
