"""How parameters start: each scheme's defining property, seeds, and the text form."""

import math

import numpy as np
import pytest

from bptt.errors import InputError
from bptt.initialisation import describe, initialise, parse_spec

SHAPES = {"U": (5, 3), "W": (5, 5), "b": (5,), "V": (3, 5)}


def draw(specification, seed=0, shapes=SHAPES):
    return initialise(shapes, specification, seed)


def test_glorot_is_uniform_within_its_limit():
    wide = draw("glorot", shapes={"W": (200, 100)})["W"]
    limit = math.sqrt(6 / 300)
    assert np.abs(wide).max() <= limit
    assert np.abs(wide).max() > 0.99 * limit
    assert wide.std() == pytest.approx(limit / math.sqrt(3), rel=0.02)


def test_scale_multiplies_the_glorot_draw():
    assert np.array_equal(draw({"scale": 0.1})["W"], 0.1 * draw("glorot")["W"])


@pytest.mark.parametrize("gain", [1.0, 0.5, 2.0])
def test_an_orthogonal_square_matrix_keeps_every_length_times_its_gain(gain):
    W = draw({"orthogonal": gain})["W"]
    assert np.allclose(W.T @ W, gain**2 * np.eye(5), atol=1e-14)


def test_an_orthogonal_tall_matrix_has_orthonormal_columns_and_a_wide_one_rows():
    drawn = draw("orthogonal")
    assert np.allclose(drawn["U"].T @ drawn["U"], np.eye(3), atol=1e-14)
    assert np.allclose(drawn["V"] @ drawn["V"].T, np.eye(3), atol=1e-14)


def test_orthogonal_draws_both_signs_of_a_number_equally_often():
    signs = [float(draw("orthogonal", seed, {"W": (1, 1)})["W"][0, 0]) for seed in range(200)]
    assert set(signs) == {1.0, -1.0}
    assert 70 < signs.count(1.0) < 130


@pytest.mark.parametrize("radius", [0.9, 1.5, 0.0])
def test_spectral_radius_is_the_largest_eigenvalue(radius):
    W = draw({"W": {"spectral_radius": radius}})["W"]
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(radius, abs=1e-13)


def test_identity_puts_its_gain_on_the_diagonal_also_of_a_matrix_that_is_not_square():
    drawn = draw({"identity": 1.2})
    assert np.array_equal(drawn["W"], 1.2 * np.eye(5))
    assert np.array_equal(drawn["U"], 1.2 * np.eye(5, 3))


def test_normal_and_uniform_have_the_spread_they_name():
    shapes = {"W": (200, 200)}
    assert draw({"normal": 0.3}, shapes=shapes)["W"].std() == pytest.approx(0.3, rel=0.02)
    uniform = draw({"uniform": 0.3}, shapes=shapes)["W"]
    assert 0.299 < np.abs(uniform).max() <= 0.3


def test_a_scheme_is_for_matrices_and_vectors_start_at_zero():
    drawn = draw({"constant": 2})
    assert np.array_equal(drawn["W"], np.full((5, 5), 2.0))
    assert np.array_equal(drawn["b"], np.zeros(5))


def test_a_named_vector_takes_a_number_or_a_list():
    assert np.array_equal(draw({"b": 1})["b"], np.ones(5))
    assert np.array_equal(draw({"b": [1, 1, 1, 1, -4]})["b"], [1, 1, 1, 1, -4])
    assert np.array_equal(draw({"b": {"constant": -2}})["b"], np.full(5, -2.0))


def test_a_name_decides_before_the_default_and_the_default_before_glorot():
    drawn = draw({"default": "zeros", "W": "identity"})
    assert np.array_equal(drawn["W"], np.eye(5))
    assert not drawn["U"].any()
    assert np.array_equal(draw({"W": "identity"})["U"], draw("glorot")["U"])


def test_a_parameter_that_has_a_schemes_name_is_the_parameter():
    drawn = initialise({"scale": (2,), "W": (2, 2)}, {"scale": 3}, 0)
    assert np.array_equal(drawn["scale"], [3, 3])


def test_draws_depend_on_the_seed_and_the_name_only():
    assert np.array_equal(draw("glorot", 7)["W"], draw("glorot", 7)["W"])
    assert not np.array_equal(draw("glorot", 7)["W"], draw("glorot", 8)["W"])
    alone = initialise({"W": (5, 5)}, "glorot", 7)["W"]
    assert np.array_equal(draw({"U": [[1, 2, 3]] * 5}, 7)["W"], alone)
    same_shape = initialise({"W": (5, 5), "R": (5, 5)}, "glorot", 7)
    assert not np.array_equal(same_shape["W"], same_shape["R"])


def test_the_draw_of_a_seed_never_changes():
    W = initialise({"W": (2, 2)}, "glorot", 0)["W"]
    assert pytest.approx(np.array([[-0.04857351, -0.49099776], [-0.6924191, 0.21494851]]), abs=1e-8) == W


def test_explicit_numbers_are_copied():
    given = np.ones((5, 5))
    drawn = draw({"W": given})
    given[:] = 9
    assert np.array_equal(drawn["W"], np.ones((5, 5)))


@pytest.mark.parametrize(
    ("specification", "message"),
    [
        ("glorott", "no scheme is called 'glorott'; did you mean glorot?"),
        ("orth", "no scheme is called 'orth'; did you mean orthogonal?"),
        ({"U_f": "glorot"}, "no parameter is called 'U_f'; did you mean U?"),
        ({"orthogonal": 0.5, "b": 1}, 'a scheme for all matrices goes under "default"'),
        ({"b": "glorot"}, "b is a vector, glorot is for matrices"),
        ({"b": "orthogonal"}, "b is a vector, orthogonal is for matrices"),
        ({"U": {"spectral_radius": 0.9}}, "spectral_radius needs a square matrix, U is (5, 3)"),
        ("scale", "scale needs a number: scale:0.5"),
        ({"glorot": 2}, "glorot takes no number, got 2"),
        ({"W": {"scale": "big"}}, "scale takes a number, got 'big'"),
        ({"W": {"scale": True}}, "scale takes a number, got True"),
        ({"W": {"scale": 10**400}}, "scale takes a finite number, got inf"),
        ({"W": {"normal": -1}}, "normal takes a finite number ≥ 0, got -1"),
        ({"W": {"scale": 1, "normal": 1}}, "a scheme is one name with one number, got {'scale', 'normal'}"),
        ({"W": [[1, 2], [3, 4]]}, "init W: got shape (2, 2), expected (5, 5) or one number"),
        ({"W": [[1, 2], [3]]}, "init W: got a ragged list"),
        ({"W": None}, "init W: got NoneType"),
        (None, "init U: got NoneType"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(specification, message):
    with pytest.raises(InputError) as caught:
        draw(specification)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "specification"),
    [
        ("glorot", "glorot"),
        ("orthogonal:0.5", {"orthogonal": 0.5}),
        ("W=orthogonal:0.9,b_f=1,U=scale:1e-1", {"W": {"orthogonal": 0.9}, "b_f": 1.0, "U": {"scale": 0.1}}),
        (" zeros , W = identity : 1.2 ", {"default": "zeros", "W": {"identity": 1.2}}),
        ("b=[1, 1,-4]", {"b": [1, 1, -4]}),
        ("W=[[1,2],[3,4]],b=-.5", {"W": [[1, 2], [3, 4]], "b": -0.5}),
        ("0.5", {"default": 0.5}),
    ],
)
def test_the_text_form_reads_as_its_grammar_says(text, specification):
    assert parse_spec(text) == specification


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'' is not a scheme"),
        ("W=", "'W=' is not a scheme"),
        ("=1", "'=1' is not a scheme"),
        ("W=1,,b=1", "'' is not a scheme"),
        ("W=1,W=2", "W is given twice"),
        ("glorot,zeros", "the default is given twice"),
        ("W=orthogonal:nan", "'nan' is not a plain number"),
        ("W=orthogonal:1_0", "'1_0' is not a plain number"),
        ("W=constant:1e400", "constant takes a finite number"),
        ("b=[1,2", "'[1,2' is not a list of numbers"),
        ("b=" + "[" * 1500, "is not a list of numbers"),
        ("W" * 3000, "got 3000 characters, expected at most 2000"),
        ("W=glorto", "did you mean glorot?"),
    ],
)
def test_a_text_that_cannot_be_read_names_its_item(text, message):
    with pytest.raises(InputError) as caught:
        parse_spec(text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["glorot", "orthogonal:0.5", "zeros,W=identity:1.2,b=1", "W=normal:0.123456789"])
def test_describe_writes_what_parse_spec_reads(text):
    assert describe(parse_spec(text)) == text


def test_describe_says_numbers_for_lists():
    assert describe({"W": [[1, 2]], "b": 0}) == "W=numbers,b=0"
