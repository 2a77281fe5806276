"""The maps of a state: the engine's Jacobians, by block, and what they say."""

import numpy as np
import pytest

from bptt import Cell, Model, Run
from bptt.diagnostics import jacobians
from rnntui.explain.state_maps import SAMPLES, product_sentence, sentence_of, shortcuts_of, state_maps

ODD = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-2] + d)
r2[t] = tanh(C @ x[t] + E @ (q[t] * mem[t-1]) + F @ r2[t-1])
mem[t] = (1 - q[t]) * mem[t-1] + q[t] * r2[t]
"""


def run_of(text, hidden=3, T=6, seed=2, **parameters):
    model = Model.create(Cell.parse(text, "odd"), inputs=3, hidden=hidden, outputs=3, seed=seed)
    model = model.replaced({name: np.array(value, float) for name, value in parameters.items()})
    made = Run(model, [n % 3 for n in range(T)], [(n + 1) % 3 for n in range(T)])
    made.fill(len(made))
    return made


def test_blocks_are_the_states_in_the_order_of_the_text_with_all_their_lags():
    maps = state_maps(run_of(ODD))
    assert [(one.name, one.back, one.first, one.size) for one in maps.blocks] == [
        ("r2", 0, 0, 3),
        ("mem", 0, 3, 3),
        ("mem", 1, 6, 3),
    ]


def test_every_number_is_that_of_the_diagnostics():
    run = run_of(ODD)
    maps, found = state_maps(run), jacobians(run)
    assert maps.times.tolist() == list(range(run.T + 1))
    assert np.array_equal(maps.kept, found.product_singular_values[:, 0])
    assert np.array_equal(maps.stretch[1:], found.singular_values[:, 0])
    for t in range(1, run.T + 1):
        assert np.array_equal(maps.step(t), found.steps[t - 1])
        assert np.array_equal(maps.singular_values(t), found.singular_values[t - 1])
        assert maps.radius(t) == found.spectral_radius[t - 1]


def test_a_long_run_has_samples_of_the_same_numbers():
    run = run_of("mem[t] = tanh(A @ x[t] + B @ mem[t-1])", T=3 * SAMPLES)
    maps, found = state_maps(run), jacobians(run)
    assert len(maps.times) == SAMPLES and maps.times[0] == 0 and maps.times[-1] == run.T
    assert np.array_equal(maps.kept, found.product_singular_values[maps.times, 0])


def test_the_matrices_on_the_road_are_the_shortcuts():
    run = run_of(ODD)
    found = shortcuts_of(run)
    assert {one.name for one in found} == {"B", "E", "F"}
    F = run.model.parameters["F"]
    one = next(one for one in found if one.name == "F")
    assert one.radius == pytest.approx(np.abs(np.linalg.eigvals(F)).max())
    assert one.stretch == pytest.approx(np.linalg.norm(F, 2))


def test_the_sentence_says_why_a_large_matrix_shrinks_all_the_same():
    # every unit far out on the flat end: tanh(2)′ = 1 − tanh²(2) = 0.0707, times 1.2
    run = run_of("mem[t] = tanh(B @ mem[t-1] + d)", B=np.eye(3) * 1.2, d=[2.0, 2, 2])
    maps = state_maps(run)
    said = sentence_of(maps, run, 1)
    assert said == (
        "At t=1 the map shrinks every direction: the best one to ×0.085, although ρ(B) = 1.2: tanh′ averages 0.071."
    )
    kept = float(np.prod([maps.singular_values(t)[0] for t in range(2, 7)]))
    assert float(maps.kept[1]) == pytest.approx(kept)
    assert product_sentence(maps, 1).startswith("From t=6 back to t=1 at most ×")
    assert product_sentence(maps, 6) == "The running product begins here, at t=6, as the unit matrix."


def test_a_belt_is_named_with_what_it_carries_on():
    run = run_of("mem[t] = 0.75 * mem[t-1] + A @ x[t]")
    said = sentence_of(state_maps(run), run, 3)
    assert said == (
        "At t=3 the map shrinks every direction: the best one to ×0.75: mem carries 0.75 of itself on, on average."
    )


def test_any_cell_has_maps_and_sentences_for_every_time(any_cell, see):
    seen = see(any_cell, T=4)
    maps = state_maps(seen.run)
    for t in range(1, 5):
        assert sentence_of(maps, seen.run, t).endswith(".")
        assert product_sentence(maps, t).endswith(".")
    assert sum(one.size for one in maps.blocks) == len(maps.jacobians.coordinates)
