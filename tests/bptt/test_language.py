"""The equation language: what is read, what is refused and where the caret stands, and what no text can do to it."""

import pickle
import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bptt.cell import Cell
from bptt.expressions import MatVec, Number, Param, Power, Product, Quotient, Sum, Tick, Var
from bptt.language import MAX_TEXT, EquationError, parse_equations


def read(source):
    """The right-hand side of a one-line text."""
    (equation,) = parse_equations(source)
    return equation.expression


def refused(source):
    with pytest.raises(EquationError) as caught:
        Cell.parse(source)
    return caught.value


class TestReading:
    def test_a_comment_is_the_variables_meaning(self):
        (equation,) = parse_equations("mem[t] = x[t]   #  what is  kept # for long ")
        assert (equation.target, equation.comment) == ("mem", "what is  kept # for long")
        assert str(equation) == "mem[t] = x[t]"

    def test_lines_are_counted_with_the_empty_ones(self):
        text = "\n# a cell\r\n\r\nq[t] = x[t]\n\n  r2[t] = W @ q[t]\n"
        assert [equation.line for equation in parse_equations(text)] == [4, 6]

    def test_a_chain_of_matrices_multiplies_from_the_right(self):
        assert read("q[t] = W @ A @ q[t-1]") == MatVec(Param("W"), MatVec(Param("A"), Var("q", 1)))
        assert read("q[t] = W @ (A @ q[t-1])") == read("q[t] = W @ A @ q[t-1]")

    def test_a_difference_is_a_sum_with_a_factor_of_minus_one(self):
        assert read("q[t] = x[t] - k") == Sum((Var("x"), Product((Number(-1.0), Param("k")))))

    def test_minus_signs_cancel(self):
        assert read("q[t] = -(-x[t])") == Var("x")
        assert read("q[t] = x[t] - -k") == Sum((Var("x"), Param("k")))

    def test_sums_and_products_are_flat_and_constants_gathered(self):
        assert read("q[t] = 2 * x[t] * 3 * k") == Product((Number(6.0), Var("x"), Param("k")))
        assert read("q[t] = x[t] + (k + x[t-1])") == Sum((Var("x"), Param("k"), Var("x", 1)))

    def test_powers_of_zero_and_one_are_worked_out(self):
        assert read("q[t] = x[t]**1") == Var("x")
        assert read("q[t] = x[t]**0 * k") == Param("k")
        assert read("q[t] = x[t]**8") == Power(Var("x"), 8)

    def test_constants_alone_are_worked_out(self):
        assert read("q[t] = 6 / 4 * x[t]") == Product((Number(1.5), Var("x")))
        assert read("q[t] = x[t] / (1 + 3)") == Quotient(Var("x"), Number(4.0))
        assert read("q[t] = x[t] * 2**3 / 2") == Quotient(Product((Number(8.0), Var("x"))), Number(2.0))

    def test_hold_is_a_clock_and_its_opposite(self):
        held = Product((Tick(4, negated=True), Var("q", 1)))
        assert read("q[t] = hold(4, k * x[t])") == Sum((Product((Tick(4), Param("k"), Var("x"))), held))

    def test_lags_go_up_to_64(self):
        assert read("q[t] = q[t-64] + x[t-2]") == Sum((Var("q", 64), Var("x", 2)))

    def test_letters_of_other_alphabets_are_names(self):
        (equation,) = parse_equations("α[t] = ω_1 * x[t]")
        assert equation.target == "α"
        assert Param("ω_1") in equation.expression.factors

    def test_a_name_may_be_a_letter_of_another_cells_readout(self):
        assert Cell.parse("L[t] = tanh(c + V @ x[t])").equations[0].target == "L"


REFUSALS = [
    # what is read before it is there
    ("h[t] = tanh(W @ h[t])", 1, 17, "h[t] is read before it is defined: write h[t-1]"),
    ("h[t] = W @ q[t]\nq[t] = h[t]", 1, 12, "q[t] is read before it is defined"),
    ("h[t] = tanh(W @ h[t+1])", 1, 19, "read in the future"),
    ("h[t] = hold(2, h[t])", 1, 16, "read before it is defined"),
    # names
    ("h[t] = x[t]\nh[t] = x[t]", 2, 1, "'h' is defined a second time; the first is in line 1"),
    ("h[t] = h + W @ h[t-1]", 1, 8, "'h' is a variable (line 1): write h[t] or h[t-1]"),
    ("h[t] = tanhh(x[t])", 1, 8, "no function is called 'tanhh'; did you mean 'tanh'?"),
    ("h[t] = W @ hid[t-1]\nhidden[t] = h[t]", 1, 12, "no equation defines 'hid'; did you mean 'h"),
    ("h[t] = foo(x[t])", 1, 8, "there are hold, sigmoid, tanh"),
    ("x[t] = k", 1, 1, "'x' has a meaning of its own"),
    ("T[t] = x[t]", 1, 1, "'T' has a meaning of its own"),
    ("sum[t] = x[t]", 1, 1, "'sum' has a meaning of its own"),
    ("total[t] = x[t]", 1, 1, "'total' has a meaning of its own"),
    ("h[t] = loss * x[t]", 1, 8, "'loss' cannot be used like this"),
    ("h[t] = x", 1, 8, "write x[t]"),
    ("h[t] = sum + x[t]", 1, 8, "sum is a function: write sum(…)"),
    ("h[t] = sum[t]", 1, 8, "'sum' has a meaning of its own"),
    ("h[t] = x[t] * lambda", 1, 15, "'lambda' is a word of Python's"),
    ("h[t] = ﬁ * x[t]", 1, 8, "letters, digits and _"),
    ("h[t] = _a * x[t]", 1, 8, "'_a' begins with _"),
    ("h[t] = grad(h[t-1])", 1, 8, "gradients: they are derived"),
    ("h[t] = argmax(h[t-1])", 1, 8, "argmax belongs to watches, breakpoints and lessons"),
    # the form of a line
    ("", 1, 1, "holds no equation"),
    ("  \n # only words", 1, 1, "holds no equation"),
    ("h = x[t]", 1, 1, "left-hand side must be a variable at the present"),
    ("h[t-1] = x[t]", 1, 1, "left-hand side must be a variable at the present"),
    ("h[t], k[t] = x[t]", 1, 1, "left-hand side"),
    ("h[t] = k[t] = x[t]", 1, 1, "name[t] = …, one a line"),
    ("h[t] += x[t]", 1, 1, "name[t] = …, one a line"),
    ("h[t] == x[t]", 1, 1, "name[t] = …, one a line"),
    ("h[t] = tanh(x[t]", 1, 12, "the bracket ) that belongs to this one is missing"),
    ("h[t] = tanh x[t])", 1, 17, "the bracket ( that belongs to this one is missing"),
    ("h[t] = h[t-1", 1, 9, "the bracket ] that belongs to this one is missing"),
    ("h[t] = x[t] +", 1, 14, "cannot be read: write one equation a line"),
    ("h[t] = x[t]; k[t] = x[t]", 1, 12, "';' has no place"),
    ("h[t] = 'x'", 1, 8, "text in quotes"),
    ("h[t] = x[t] \u200b+ k", 1, 13, "U+200B cannot be seen"),
    ("h[t] = k ⊙ x[t]", 1, 10, "write * for the elementwise product"),
    ("h[t] = x[t] − k", 1, 13, "write - for minus"),
    # times
    ("h[t] = h[t-65]", 1, 12, "write t-1 … t-64"),
    ("h[t] = h[t-0]", 1, 12, "write t-1 … t-64"),
    ("h[t] = h[3]", 1, 10, "a time is t or t-1, t-2, …"),
    ("h[t] = h[t-1.0]", 1, 10, "a time is t or t-1, t-2, …"),
    ("h[t] = h[T]", 1, 10, "a time is t or t-1, t-2, …"),
    ("h[t] = h[t-1][0]", 1, 8, "components cannot be read in an equation"),
    # y and the losses
    ("h[t] = y[t]", 1, 8, "y may be read only inside a loss"),
    ("h[t] = x[t]\nL[t] = cross_entropy(h[t])", 2, 8, "takes a prediction and y[t]"),
    ("h[t] = x[t]\nL[t] = cross_entropy(h[t], x[t])", 2, 8, "takes a prediction and y[t]"),
    # operators, functions, numbers
    ("h[t] = h[t-1] @ W", 1, 8, "a matrix stands to the left of @: write W @ h[t - 1]"),
    ("h[t] = (2 * W) @ h[t-1]", 1, 9, "the left of @ must be a parameter"),
    ("h[t] = W @ 3", 1, 12, "the right of @ must be a vector"),
    ("h[t] = +x[t]", 1, 8, "a + sign in front"),
    ("h[t] = x[t] > 0", 1, 8, "comparisons have no place"),
    ("h[t] = x[t] and k", 1, 8, "comparisons have no place"),
    ("h[t] = x[t] // 2", 1, 8, "only + - * / ** and @"),
    ("h[t] = [x[t], k]", 1, 8, "no lists"),
    ("h[t] = x[t] if k else 1", 1, 8, "no place in an equation"),
    ("h[t] = x[t]**9", 1, 14, "a whole number from 0 to 8"),
    ("h[t] = x[t]**0.5", 1, 14, "a whole number from 0 to 8"),
    ("h[t] = x[t]**-1", 1, 14, "a whole number from 0 to 8"),
    ("h[t] = x[t] / 0", 1, 15, "divides by zero"),
    ("h[t] = x[t] / (1 - 1)", 1, 16, "divides by zero"),
    ("h[t] = " + "9" * 400 + " * x[t]", 1, 8, "too large"),
    ("h[t] = 1e999 * x[t]", 1, 8, "too large"),
    ("h[t] = 1e200**8 * x[t]", 1, 8, "too large"),
    ("h[t] = 0x10 * x[t]", 1, 8, "plain decimal number"),
    ("h[t] = 1_000 * x[t]", 1, 8, "plain decimal number"),
    ("h[t] = 2j * x[t]", 1, 8, "plain decimal number"),
    ("h[t] = True", 1, 8, "True is not a number"),
    ("h[t] = tanh(x[t], 2)", 1, 8, "tanh takes one argument, and there are 2"),
    ("h[t] = tanh()", 1, 8, "tanh takes one argument, and there are none"),
    ("h[t] = tanh(*k)", 1, 8, "tanh takes one argument"),
    ("h[t] = tanh(x=k)", 1, 8, "no named arguments"),
    ("h[t] = (x[t])(3)", 1, 8, "only the functions of the language"),
    ("h[t] = hold(0, x[t])", 1, 8, "hold takes a whole number ≥ 1"),
    ("h[t] = hold(2)", 1, 8, "hold takes a whole number ≥ 1"),
    ("h[t] = 1 + hold(2, x[t])", 1, 12, "hold must be the whole right-hand side"),
]


@pytest.mark.parametrize(("source", "line", "column", "reason"), REFUSALS)
def test_a_refusal_names_the_place_and_the_cause(source, line, column, reason):
    error = refused(source)
    assert reason in error.reason
    assert (error.line, error.column) == (line, column)


def places(source):
    error = refused(source)
    return [(each.line, each.column, each.reason.split(";")[0].split(":")[0]) for each in (error, *error.also)]


def test_every_fault_of_a_text_is_found_at_once_in_its_order():
    text = "f[t] = sigmid(W @ x[t] + b)\ng[t] = tanh(Q @ x[t] + h[t])\nh[t] = f[t]*h[t-1] + i[t]*g[t]"
    assert places(text) == [
        (1, 8, "no function is called 'sigmid'"),
        (2, 24, "h[t] is read before it is defined"),
        (3, 22, "no equation defines 'i'"),
    ]
    assert "did you mean 'sigmoid'?" in refused(text).reason


def test_one_line_can_have_several_faults_and_hides_those_of_no_other():
    assert places("a[t] = tahn(W @ k[t-1]) * sgmoid(x[t]) - y[t]\nh[t] = a[t] + x[t]**9\nh[t] = (x[t]") == [
        (1, 8, "no function is called 'tahn'"),
        (1, 17, "no equation defines 'k'"),
        (1, 27, "no function is called 'sgmoid'"),
        (1, 42, "y may be read only inside a loss, like cross_entropy(z[t], y[t])"),
        (2, 21, "the exponent must be a whole number from 0 to 8"),
        (3, 8, "the bracket ) that belongs to this one is missing"),
    ]


def test_what_reads_a_variable_whose_own_line_is_wrong_is_not_accused():
    assert [place[0] for place in places("a[t] = tahn(x[t])\nb[t] = a[t] + b[t-1]")] == [1]


def test_every_equation_whose_sizes_do_not_fit_is_named():
    text = "a[t] = x[t] + 0 * a[t-1]\nL[t] = cross_entropy(a[t], y[t])\nK[t] = squared_error(x[t], y[t])"
    assert [place[0] for place in places(text)] == [2, 3]


@pytest.mark.parametrize(
    ("source", "column", "number"),
    [
        ("h[t] = 0.9 * h[t-1] + 0,1 * tanh(U @ x[t])", 24, "0.1"),
        ("h[t] = (12,50 * x[t])", 11, "12.50"),
        ("h[t] = tanh(0,1 * x[t])", 14, "0.1"),
    ],
)
def test_a_decimal_comma_is_called_so_where_it_stands(source, column, number):
    error = refused(source)
    assert (error.line, error.column, error.reason) == (1, column, f"a decimal comma: write {number}")


def test_a_comma_that_is_no_decimal_one_has_its_place_too():
    assert places("h[t] = x[t], k") == [(1, 12, "a comma has no place here")]
    assert read("q[t] = hold(4,2 * x[t])"), "a comma between arguments is none"


def test_errors_survive_pickling_with_the_others():
    error = pickle.loads(pickle.dumps(refused("a[t] = tahn(x[t])\nb[t] = k[t]")))  # noqa: S301  # our own
    assert [each.line for each in (error, *error.also)] == [1, 2]


def test_the_caret_stands_under_the_place_in_the_line_as_typed():
    error = refused("q[t] = x[t]\n   r2[t]  =  tanhh( q[t] )   # odd\n")
    place, shown, caret = str(error).split("\n")
    assert place == "line 2, column 14: no function is called 'tanhh'; did you mean 'tanh'?"
    assert shown == "       r2[t]  =  tanhh( q[t] )   # odd"
    assert caret.index("^") == shown.index("tanhh")


def test_columns_count_letters_and_not_bytes():
    assert refused("α[t] = ω * ξ[t-1]").column == 12


def test_control_characters_are_not_sent_to_the_screen():
    assert "\x1b" not in str(refused("h[t] = x[t] \x1b[31m"))


def test_an_error_survives_pickling():
    error = refused("h[t] = tanhh(x[t])")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert str(again) == str(error)
    assert (again.line, again.column) == (error.line, error.column)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("#" * (MAX_TEXT + 1), "8,001 characters, and 8,000 are allowed"),
        ("h[t] = x[t]" + " " * 500 + "+ k", "characters in one line, and 500 are allowed"),
        ("h[t] = " + "(" * 60 + "x[t]" + ")" * 60, "nested more than 40 deep"),
        ("h[t] = " + "-" * 90 + "x[t]", "nested more than 40 deep"),
        ("h[t] = " + "+".join(["k"] * 60), "nested more than 40 deep"),
        ("h[t] = tanh(" + "+".join(["k"] * 36) + ") * tanh(" + "+".join(["k"] * 36) + ") * (" * 3, "bracket"),
        ("h[t] = " + " * ".join("(" + "+".join(["k"] * 30) + ")" for _ in range(5)), "parts in one line, and 200"),
    ],
)
def test_what_is_too_large_is_refused_in_words(source, reason):
    assert reason in refused(source).reason


@pytest.mark.parametrize("source", [None, 3, b"h[t] = x[t]", ["h[t] = x[t]"]])
def test_only_a_text_is_read(source):
    with pytest.raises(EquationError, match="equations are a text"):
        parse_equations(source)


PIECES = (
    "h[t] h[t-1] x[t] y[t] W @ + - * / ** ( ) [ ] = == 2 0 1e308 .5 tanh( softmax( hold(3, norm( cross_entropy( "
    ", t t+1 t-1 # \n \t lambda if for in not and : ; ' \" \\ { } ∇ − é 0x1 1_0 𝕏 \x00 \u202e \ud800 _ __ x. *a"
).split(" ")


def survives(source):
    begun = time.process_time()
    try:
        Cell.parse(source)
    except EquationError as error:
        assert 1 <= error.line <= source.count("\n") + 1
        assert error.column >= 1
    assert time.process_time() - begun < 0.25


def test_no_shuffle_of_pieces_gives_another_exception():
    """3,000 texts, seed 7."""
    shuffler = random.Random(7)
    for _ in range(3000):
        head = shuffler.choice(["h[t] = ", "q[t] = tanh(", ""])
        survives(head + "".join(shuffler.choices(PIECES, k=shuffler.randint(1, 30))))


@given(st.text(max_size=80))
@settings(max_examples=200, deadline=None)
def test_no_text_gives_another_exception(text):
    survives(text)
    survives("h[t] = " + text)


@pytest.mark.parametrize(
    "piece", ["(", "[", "-", "tanh(", "h[", "k**", "k@", "not ", "*", "1e", "lambda ", "\n", "h[t]="]
)
def test_no_repetition_is_slow_or_deep(piece):
    survives("h[t] = " + piece * 480)
    survives(piece * (7900 // len(piece)))


@pytest.mark.parametrize(
    ("text", "column", "before"),
    [
        ("h[t] = tanh(W @ h[t-1] + U x[t])", 28, "'x'"),
        ("h[t] = W @ h[t-1] 3", 19, "'3'"),
        ("h[t] tanh(W @ h[t-1])", 6, "'tanh'"),
    ],
)
def test_a_missing_operator_is_named_at_its_place(text, column, before):
    with pytest.raises(EquationError) as caught:
        Cell.parse(text)
    assert (caught.value.column, "missing in front of " + before in caught.value.reason) == (column, True)
