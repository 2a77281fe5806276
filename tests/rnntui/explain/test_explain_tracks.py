"""Which tracks the Score shows in how many rows."""

import pytest

from rnntui.explain.roles import roles_of
from rnntui.explain.tracks import plan_tracks

SHORT_SCORE = 12
"""Rows of the Score at 80x24 under its row of times."""


def sizes_of(cell, hidden=4, outputs=5):
    units = {"hidden": hidden, "inputs": outputs, "outputs": outputs, "scalar": 1}
    return {name: units[dim] for name, dim in cell.dims.items()} | {"x": outputs}


def planned(cell, phase, rows=SHORT_SCORE, lens="", hidden=4):
    return plan_tracks(roles_of(cell), sizes_of(cell, hidden), rows, phase, lens)


def shown(tracks):
    """`L h x ∇h sky`."""
    special = {"input": "x", "rule": "rule", "skyline": "sky", "edge": "edge", "shares": "shares"}
    gradients = ("gradient", "logit gradient")
    return " ".join(special.get(t.kind, ("∇" if t.kind in gradients else "") + t.name) for t in tracks)


@pytest.mark.parametrize("phase", ["start", "forward", "backward"])
def test_the_short_score_of_the_rnn_is_the_same_in_every_phase(cell_named, phase):
    tracks = planned(cell_named("rnn"), phase)
    assert shown(tracks) == "L h x ∇h sky"
    assert [track.rows for track in tracks] == [1, 4, 1, 4, 2]


def test_the_short_score_of_the_lstm_follows_the_phase(cell_named):
    forward = planned(cell_named("lstm"), "forward")
    assert shown(forward) == "L f i o g s h x"
    assert [track.rows for track in forward] == [1, 1, 1, 1, 1, 4, 2, 1]
    backward = planned(cell_named("lstm"), "backward")
    assert shown(backward) == "L f x ∇s ∇h sky"
    assert {track.kind: track.rows for track in backward if track.name in ("s", "L")} == {"loss": 1, "gradient": 4}
    assert sum(track.rows for track in backward) == SHORT_SCORE


def test_the_lens_keeps_its_rows(cell_named):
    rows = {track.name: track.rows for track in planned(cell_named("lstm"), "forward", lens="h")}
    assert (rows["h"], rows["s"]) == (4, 2)


def test_a_tall_score_shows_everything(cell_named):
    tracks = planned(cell_named("lstm"), "forward", rows=60)
    names = [name for name in shown(tracks).split() if name not in ("edge", "rule")]
    assert names == ["L", "p", "f", "i", "o", "g", "s", "h", "x", "∇z", "∇s", "∇h", "sky", "shares"]


def test_values_or_gradients_alone_take_all_rows(cell_named):
    cell = cell_named("lstm")
    for phase in ("start", "forward", "backward"):
        values = plan_tracks(roles_of(cell), sizes_of(cell), 36, phase, shown="values")
        gradients = plan_tracks(roles_of(cell), sizes_of(cell), 36, phase, shown="gradients")
        assert shown(values).split() == ["L", "p", "f", "i", "o", "g", "s", "h", "x"]
        assert shown(gradients).split() == ["L", "x", "∇z", "∇s", "∇h", "sky", "shares"]
        assert sum(track.rows for track in gradients) > 30


def test_the_shares_are_those_of_the_matrix_that_the_state_comes_back_through(cell_named):
    assert roles_of(cell_named("rnn")).recurrent == "W"
    assert roles_of(cell_named("lstm")).recurrent == "W_g"  # of the candidate, not of a gate
    assert roles_of(cell_named("gru")).recurrent == "W"


def test_shares_are_shown_only_where_everything_else_has_its_rows(cell_named):
    for rows in range(6, 46):
        kinds = [track.kind for track in planned(cell_named("rnn"), "backward", rows)]
        assert ("shares" in kinds) == (rows >= 37)


@pytest.mark.parametrize("hidden", [1, 4, 12, 64])
def test_every_plan_fits(any_cell, hidden):
    for phase in ("start", "forward", "backward"):
        for lens in ("", any_cell.equations[0].target, roles_of(any_cell).main):
            for rows in range(6, 40):
                tracks = planned(any_cell, phase, rows, lens, hidden)
                assert sum(track.rows for track in tracks) <= rows
                assert all(track.rows >= 1 for track in tracks)


def test_a_backward_plan_has_gradients_and_a_forward_one_values(any_cell):
    roles = roles_of(any_cell)
    for rows in range(8, 40):
        assert f"∇{roles.main}" in shown(planned(any_cell, "backward", rows)).split()
        if roles.main in roles.order:
            assert roles.main in shown(planned(any_cell, "forward", rows)).split()


IN_A_LESSON = 9
"""Rows of the Score at 80x24 beside a lesson."""


def asked_for(cell, phase, *wanted, hidden=2, outputs=4):
    return plan_tracks(roles_of(cell), sizes_of(cell, hidden, outputs), IN_A_LESSON, phase, wanted=wanted)


def test_what_is_wanted_keeps_its_rows_where_all_else_is_dropped(cell_named):
    tracks = asked_for(cell_named("rnn"), "backward", ("p", False), ("z", True))
    assert shown(tracks) == "p x ∇z"
    assert sum(track.rows for track in tracks) == IN_A_LESSON
    assert shown(asked_for(cell_named("rnn"), "backward", ("h", False), ("h", True))) == "L h x ∇h sky"


def test_where_no_gradient_is_wanted_the_way_forward_has_none(cell_named):
    assert shown(asked_for(cell_named("rnn"), "forward", ("h", False))) == "L p h x"
    assert "∇h" in shown(asked_for(cell_named("rnn"), "forward", ("h", False), ("h", True)))


def test_a_matrix_that_is_wanted_has_its_name_between_the_rows(cell_named):
    tracks = asked_for(cell_named("rnn"), "forward", ("V", False))
    assert [track.name for track in tracks if track.kind == "edge"] == ["V"]


def test_the_letters_stay_whatever_is_wanted(cell_named):
    names = [(name, False) for name in ("f", "i", "o", "g", "s", "h")]
    tracks = asked_for(cell_named("lstm"), "forward", *names, hidden=1)
    assert "input" in {track.kind for track in tracks}


def test_norms_are_of_the_state_whose_gradient_is_wanted(cell_named):
    def norms(*wanted):
        tracks = asked_for(cell_named("lstm"), "backward", *wanted)
        return [track.name for track in tracks if track.kind == "skyline"]

    assert (norms(), norms(("f", False), ("s", True)), norms(("s", True), ("h", True))) == (["h"], ["s"], ["h"])


def test_a_gradient_that_is_wanted_keeps_its_numbers_where_others_go(cell_named):
    tracks = asked_for(cell_named("lstm"), "backward", ("f", False), ("s", True), hidden=3)
    assert [(track.name, track.rows) for track in tracks if track.kind == "gradient"] == [("s", 3)]


def test_norms_of_states_go_first_where_another_gradient_is_wanted(cell_named):
    tracks = asked_for(cell_named("rnn"), "backward", ("h", False), ("z", True))
    assert shown(tracks) == "L h x ∇z"
    assert [track.rows for track in tracks] == [1, 2, 1, 4]


def test_what_usually_has_no_rows_has_some_where_it_is_wanted(cell_named):
    assert shown(asked_for(cell_named("rnn"), "backward", ("h", False), ("a", True))) == "L h x rule ∇h ∇a"
    assert "a" in shown(asked_for(cell_named("rnn"), "forward", ("a", False))).split()
