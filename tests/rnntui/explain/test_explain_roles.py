"""The role of every variable, found from the equations alone, under whatever names."""

import re

import pytest

from bptt import CELLS, Cell
from rnntui.explain.roles import roles_of

EXPECTED = {
    "rnn": "h:state",
    "rnn-relu": "h:state",
    "rnn-sigmoid": "h:state",
    "lstm": "f:keep i:take_in o:show g:candidate s:belt h:state",
    "lstm-sigma": "f:keep i:take_in o:show g:candidate s:belt h:state",
    "gru": "r:reset u:keep+take_in n:candidate h:belt",
    "gru-reset-after": "r:reset u:keep+take_in n:candidate h:belt",
    "mgu": "f:keep+take_in+reset n:candidate h:belt",
    "hierarchy": "q:belt h:state",
    "stack": "h2:belt r1:reset u1:keep+take_in n1:candidate h1:belt",
    "residual": "h:belt",
    "skip": "h:state",
    "peephole": "f:keep i:take_in g:candidate o:show s:belt h:state",
    "helpers": "f:keep i:take_in o:show g:candidate s:belt h:state",
    "selective-write": "o:show s:value h:state",
    "coupled": "v:belt h:belt",
    "odd": "q:keep+take_in mem:belt r2:state",
    "exp-gate": "e:take_in k:keep c1:belt h:state",
    "norm": "a1:value q:state",
}
"""Cell → the variables with a track, top to bottom, each with its kind or, for a gate, its jobs."""

ROADS = {
    "rnn": {"h": "─W→ ←Wᵀ 1"},
    "lstm": {"s": "─f→ ←f─ 1", "h": "─W→ ←Wᵀ 1"},
    "gru": {"h": "¬u→ ←¬u 1"},
    "gru-reset-after": {"h": "─u→ ←u─ 1"},
    "hierarchy": {"h": "─W→ ←Wᵀ 1", "q": "¬t→ ←¬t 1"},
    "residual": {"h": "─1→ ←1─ 1"},
    "skip": {"h": "─W→ ←Wᵀ 1"},
    "helpers": {"s": "─f→ ←f─ 1", "h": "─W→ ←Wᵀ 1"},
    "coupled": {"v": "─k→ ←k─ 1", "h": "─1→ ←1─ 1"},
    "odd": {"mem": "─q→ ←q─ 1", "r2": "─A→ ←Aᵀ 1"},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_kinds_jobs_and_order(cell_named, name):
    roles = roles_of(cell_named(name))
    shown = [
        f"{variable}:{'+'.join(roles.gate_jobs[variable]).replace(' ', '_')}"
        if variable in roles.gate_jobs
        else f"{variable}:{roles.kinds[variable]}"
        for variable in roles.order
    ]
    assert " ".join(shown) == EXPECTED[name]


@pytest.mark.parametrize("name", ROADS)
def test_the_edge_from_one_time_to_the_next(cell_named, name):
    roads = roles_of(cell_named(name)).roads
    assert {state: f"{road.forward()} {road.backward()} {road.lag}" for state, road in roads.items()} == ROADS[name]


def test_the_road_of_a_state_that_is_read_later_only_has_its_lag():
    road = roles_of(Cell.parse("q[t] = tanh(W @ q[t-4] + U @ x[t])")).roads["q"]
    assert (road.label, road.matrix, road.lag) == ("W", True, 4)
    assert (road.forward(6), road.backward(2)) == ("────W→", "←W")


def test_readout_levels_and_main_state(cell_named):
    roles = roles_of(cell_named("stack"))
    assert (roles.loss, roles.logits, roles.probability, roles.main) == ("L", "z", "p", "h2")
    assert [[name for name in level if name in roles.order] for level in roles.levels] == [
        ["h2"],
        ["r1", "u1", "n1", "h1"],
    ]
    assert roles_of(cell_named("hierarchy")).main == "h"
    assert roles_of(cell_named("cost")).probability == ""
    assert roles_of(cell_named("lstm")).main == "h"


def test_gates_on_the_way_back(cell_named):
    assert roles_of(cell_named("lstm")).back_gates == ("f", "o")
    assert roles_of(cell_named("gru")).back_gates == ("r", "u")
    assert roles_of(cell_named("rnn")).back_gates == ()


def test_helpers_are_steps_of_another_equation(cell_named):
    roles = roles_of(cell_named("helpers"))
    assert list(roles.parts) == ["kept", "new"]
    assert roles.kinds["kept"] == "part"
    assert "kept" not in roles.order


def test_pre_activations_have_no_track(cell_named):
    assert roles_of(cell_named("rnn")).kinds["a"] == "pre"
    assert roles_of(cell_named("gru")).kinds["a_n"] == "pre"


TWO_SIGMAS = """
a1[t] = sigmoid(U_a @ x[t] + W_a @ h[t-1])
b1[t] = sigmoid(U_b @ x[t] + W_b @ h[t-1]){comment}
s[t] = s[t-1] + a1[t] * b1[t]
h[t] = tanh(s[t])
"""


def test_of_two_sigmas_the_left_one_is_the_gate_unless_a_comment_says_so():
    left = roles_of(Cell.parse(TWO_SIGMAS.format(comment="")))
    assert (left.kinds["a1"], left.kinds["b1"]) == ("gate", "candidate")
    said = roles_of(Cell.parse(TWO_SIGMAS.format(comment="   # the input gate")))
    assert (said.kinds["a1"], said.kinds["b1"]) == ("candidate", "gate")


def test_a_gate_stands_as_one_minus_itself(cell_named):
    assert roles_of(cell_named("gru")).gate_uses["u"] == (("keep", True), ("take in", False))
    assert roles_of(cell_named("gru-reset-after")).gate_uses["u"] == (("take in", True), ("keep", False))


def test_ranges_follow_from_the_functions():
    cell = Cell.parse("""
g[t] = sigmoid(U @ x[t] + W @ h[t-1])
n[t] = 1 - g[t]
m[t] = g[t] * n[t] - 2
h[t] = m[t] * h[t-1]**2 + relu(m[t])
""")
    ranges = roles_of(cell).ranges
    assert ranges["g"] == ranges["n"] == (0, 1)
    assert ranges["m"] == (-2, -1)
    assert ranges["h"] == (float("-inf"), float("inf"))


def renamed(text):
    """The text with every variable and parameter under another name, in another alphabetical order."""
    kept = {"x", "y", "t", "hold", "sigmoid", "tanh", "exp", "relu", "sin", "cos", "log", "mean", "abs", "max", "sqrt"}
    kept |= {"softmax", "softplus", "sum", "layer_norm", "batch_norm"}
    kept |= {"cross_entropy", "squared_error", "binary_cross_entropy"}
    code = [line.partition("#")[0] for line in text.splitlines()]
    names = dict.fromkeys(re.findall(r"[A-Za-z_]\w*", "\n".join(code)))
    new = {name: f"v{97 - n}" for n, name in enumerate(name for name in names if name not in kept)}
    return re.sub(r"[A-Za-z_]\w*", lambda found: new.get(found[0], found[0]), "\n".join(code)), new


def test_renaming_every_variable_changes_no_role(any_cell):
    text, new = renamed(any_cell.source)
    old = roles_of(Cell.parse("\n".join(line.partition("#")[0] for line in any_cell.source.splitlines())))
    roles = roles_of(Cell.parse(text))
    assert [roles.kinds[new[name]] for name in old.order] == [old.kinds[name] for name in old.order]
    assert roles.order == tuple(new[name] for name in old.order)
    assert roles.gate_jobs == {new[name]: jobs for name, jobs in old.gate_jobs.items()}
    assert roles.main == new[old.main]


def test_the_roles_of_a_long_chain_of_sums_are_found_at_once():
    lines = ["v0[t] = s[t-1] + U @ x[t]"]
    lines += [f"v{n}[t] = v{n - 1}[t] + v{n - 1}[t] * v{n - 1}[t]" for n in range(1, 60)]
    roles = roles_of(Cell.parse("\n".join([*lines, "s[t] = v59[t] + v58[t]"])))
    assert roles.kinds["s"] == "belt"


def test_roles_are_computed_once_for_a_text():
    assert roles_of(CELLS["lstm"]) is roles_of(CELLS["lstm"])
