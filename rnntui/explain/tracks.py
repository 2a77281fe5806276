"""Which tracks the Score shows in how many rows: a pure function of the cell's roles and the room there is."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from rnntui.explain.roles import Roles

Kind = Literal[
    "loss",
    "probability",
    "meter",
    "candidate",
    "value",
    "edge",
    "input",
    "rule",
    "logit gradient",
    "gradient",
    "skyline",
    "shares",
]
Shown = Literal["both", "values", "gradients"]
"""What the Score shows of a run."""

Wanted = tuple[str, bool]
"""A variable, or with True its gradient, that is to be in sight; a matrix is its name between the rows."""

_METERS: tuple[Kind, ...] = ("meter", "candidate")
_OF_VALUES: tuple[Kind, ...] = ("probability", *_METERS, "value", "edge")
_OF_GRADIENTS: tuple[Kind, ...] = ("logit gradient", "gradient", "skyline", "shares")
_SKYLINE_ROWS = 9
_SKYLINE_SPARE_ROWS = 16
"""It grows to so many where rows are left over."""
_SHARES_ROWS = 5
_LIST_ROWS = 8
"""More rows than this are never asked for one variable."""


@dataclass(frozen=True, slots=True)
class Track:
    """One horizontal band of the Score."""

    kind: Kind
    name: str
    """The variable shown; the matrix of an edge or of shares; empty for the rule and the inputs."""
    rows: int
    units: int = 1
    """How many units the variable has; fewer rows than units are drawn as half blocks."""


@dataclass
class _Budget:
    """The tracks while they are being cut down."""

    tracks: list[Track]
    room: int
    spares: Callable[[Track], bool] = lambda track: False
    """The tracks that are not dropped."""

    def used(self) -> int:
        return sum(track.rows for track in self.tracks)

    def fits(self) -> bool:
        return self.used() <= self.room

    def drop(self, goes: Callable[[Track], bool]) -> None:
        self.tracks = [track for track in self.tracks if self.spares(track) or not goes(track)]

    def shrink(self, which: Callable[[Track], bool], rows: Callable[[Track], int]) -> None:
        """To so many rows; with fewer than units two units share one, and more than half as many would stay blank."""
        self.tracks = [
            replace(track, rows=_filled(track.units, min(track.rows, rows(track)))) if which(track) else track
            for track in self.tracks
        ]


def plan_tracks(
    roles: Roles,
    sizes: Mapping[str, int],
    room: int,
    phase: str,
    lens: str = "",
    edges: bool = True,
    shown: Shown = "both",
    wanted: Collection[Wanted] = (),
) -> tuple[Track, ...]:
    """The tracks for `room` rows, top to bottom, the row of times not counted.

    `sizes`: variable → units; `phase`: forward, backward or start; `lens`: the variable that is inspected, which is
    the last to lose its rows; `edges`: whether there is room for the names of the matrices between rows; `shown`:
    values or gradients alone take all rows; `wanted`: what is dropped only where dropping all else is not enough."""
    budget = _Budget(_generous(roles, sizes, wanted), room)
    backward = phase == "backward" if shown == "both" else shown == "gradients"
    if shown != "both":
        budget.drop(_is("rule", *(_OF_VALUES if shown == "gradients" else _OF_GRADIENTS)))
    if not edges:
        budget.drop(_is("edge"))
    if wanted:
        _cut_to(budget, wanted, roles, backward, lens)
    _cut(budget, _cuts(roles, backward, lens))
    while not budget.fits() and len(budget.tracks) > 1:
        lesser = [track for track in budget.tracks if track.name not in (lens, roles.main)]
        budget.tracks.remove((lesser or budget.tracks)[-1])
    _give_back(budget, roles, backward, lens)
    return tuple(budget.tracks)


def _cut(budget: _Budget, cuts: list[Callable[[_Budget], None]]) -> None:
    """One cut after the other, until the tracks fit."""
    for cut in cuts:
        if budget.fits():
            break
        cut(budget)


def _cut_to(budget: _Budget, wanted: Collection[Wanted], roles: Roles, backward: bool, lens: str) -> None:
    """Cut what is not wanted: on the way forward the gradients first, where none is wanted, and the norms of states,
    where only other gradients are."""
    budget.spares = _meant(wanted)
    gradients = any(gradient for _, gradient in wanted)
    cuts = _cuts(roles, backward, lens, chosen=gradients)
    if not gradients and not backward:
        cuts[:0] = _without_gradients()
    elif gradients and not _states_wanted(roles, wanted):
        cuts[:0] = _without_gradients()[:1]
    _cut(budget, cuts)
    while not budget.fits() and (lesser := [track for track in budget.tracks if not budget.spares(track)]):
        lesser.sort(key=lambda track: track.kind != "input")  # what is read goes last
        budget.tracks.remove(lesser[-1])
    budget.spares = lambda track: False


def _meant(wanted: Collection[Wanted]) -> Callable[[Track], bool]:
    """Whether a track is one that is wanted; norms are another than what they are of."""
    return lambda track: (
        track.kind not in ("skyline", "shares", "rule")
        and (track.name, track.kind in ("logit gradient", "gradient")) in wanted
    )


def _without_gradients() -> list[Callable[[_Budget], None]]:
    """What goes before anything else on the way forward, where no gradient is spoken of."""
    return [
        lambda budget: budget.drop(_is("skyline", "shares")),
        lambda budget: budget.drop(_is("logit gradient")),
        lambda budget: budget.drop(_is("gradient", "rule")),
    ]


def _drawn(roles: Roles, wanted: Collection[Wanted]) -> str:
    """The variable whose gradients' norms are drawn: the main state, or another where only its gradient is wanted."""
    states = _states_wanted(roles, wanted)
    return roles.main if roles.main in states or not states else states[0]


def _states_wanted(roles: Roles, wanted: Collection[Wanted]) -> list[str]:
    """What has rows of its own and whose gradients are wanted."""
    return [name for name, gradient in wanted if gradient and name in roles.order]


def _generous(roles: Roles, sizes: Mapping[str, int], wanted: Collection[Wanted]) -> list[Track]:
    """Every track in all its rows; of what usually has none, those that are wanted."""
    tracks = [Track("loss", roles.loss, 1)]
    if roles.probability:
        tracks.append(_full("probability", roles.probability, sizes))
    into, out_of = _matrices(roles)
    if out_of:
        tracks.append(Track("edge", out_of, 1))
    for name in roles.order:
        kind = roles.kinds[name]
        if kind == "gate":
            tracks.append(Track("meter", name, 2, sizes[name]))
        elif kind == "candidate":
            tracks.append(Track("candidate", name, 2, sizes[name]))
        else:
            tracks.append(_full("value", name, sizes))
    outside = [name for name in sizes if name not in (*roles.order, roles.probability, roles.logits, roles.loss, "x")]
    tracks += [_full("value", name, sizes) for name in outside if (name, False) in wanted]
    if into:
        tracks.append(Track("edge", into, 1))
    tracks += [Track("input", "", 1), Track("rule", "", 1), _full("logit gradient", roles.logits, sizes)]
    for name in (*roles.order, *outside):
        if roles.kinds.get(name) in ("belt", "state", "out") or (name, True) in wanted:
            tracks.append(_full("gradient", name, sizes))
    if main := _drawn(roles, wanted):
        tracks.append(Track("skyline", main, _SKYLINE_ROWS))
    if roles.recurrent:
        tracks.append(Track("shares", roles.recurrent, _SHARES_ROWS))
    return tracks


def _matrices(roles: Roles) -> tuple[str, str]:
    """The matrices from the input to a cell's only track and from that to the logits; empty where several tracks lie
    between, or more than one matrix."""
    if len(roles.order) != 1:
        return "", ""
    into = {matrix for reading in roles.readings["x"] for matrix in reading.matrices}
    out_of = {
        matrix
        for reading in roles.readings[roles.order[0]]
        if reading.consumer == roles.logits
        for matrix in reading.matrices
    }
    return (into.pop() if len(into) == 1 else ""), (out_of.pop() if len(out_of) == 1 else "")


def _full(kind: Kind, name: str, sizes: Mapping[str, int]) -> Track:
    return Track(kind, name, sizes[name], sizes[name])


def _filled(units: int, rows: int) -> int:
    return min(rows, (units + 1) // 2) if rows < units else rows


def _half(track: Track) -> int:
    return (track.units + 1) // 2


def _is(*kinds: Kind) -> Callable[[Track], bool]:
    return lambda track: track.kind in kinds


def _cuts(roles: Roles, backward: bool, lens: str, chosen: bool = False) -> list[Callable[[_Budget], None]]:
    """What goes first when rows are few, in order; `chosen`: some gradients are wanted, others go before anything
    shrinks."""

    def drop(goes: Callable[[Track], bool]) -> Callable[[_Budget], None]:
        return lambda budget: budget.drop(goes)

    def shrink(which: Callable[[Track], bool], rows: Callable[[Track], int]) -> Callable[[_Budget], None]:
        return lambda budget: budget.shrink(which, rows)

    def to(rows: int) -> Callable[[Track], int]:
        return lambda track: rows

    road = roles.back_gates
    keep = [name for name in road if "keep" in roles.gate_jobs.get(name, ())]
    values, gradients, meters = _is("value"), _is("gradient"), _is(*_METERS)
    cuts = [
        shrink(lambda track: track.units > _LIST_ROWS, to(_LIST_ROWS)),
        drop(_is("shares")),
        shrink(_is("skyline"), to(5)),
        drop(_is("edge")),
        drop(_is("probability")),
        drop(_is("logit gradient")),
        shrink(_is("skyline"), to(4)),
        shrink(meters, to(1)),
        shrink(_is("skyline"), to(3)),
    ]
    plain = drop(lambda track: track.kind == "value" and roles.kinds.get(track.name, "value") == "value")
    if backward:
        cuts += [
            drop(_is("rule")),
            shrink(_is("skyline"), to(2)),
            plain,
            drop(lambda track: meters(track) and track.name not in road),
            *([drop(gradients)] if chosen else []),
            shrink(values, _half),
            drop(lambda track: values(track) and track.name != roles.main),
            drop(lambda track: meters(track) and track.name not in keep),
            drop(values),
            shrink(lambda track: gradients(track) and track.name != lens, _half),
            shrink(gradients, _half),
        ]
    else:
        cuts += [
            plain,
            _without_rule,
            drop(_is("skyline")),
            shrink(gradients, _half),
            drop(_is("gradient", "rule")),
            shrink(lambda track: values(track) and track.name not in (*roles.belts[:1], lens), _half),
            shrink(values, _half),
            drop(_is("candidate")),
        ]
    for rows in (8, 4, 2, 1):
        cuts.append(shrink(lambda track: values(track) or gradients(track), to(rows)))
    cuts.append(drop(lambda track: meters(track) and track.name not in keep[:1]))
    cuts.append(drop(_is("skyline")))
    return cuts


def _without_rule(budget: _Budget) -> None:
    """No rule and a low skyline, where that is enough: the tracks are then those of the backward phase."""
    trial = _Budget(list(budget.tracks), budget.room)
    trial.drop(_is("rule"))
    trial.shrink(_is("skyline"), lambda track: 2)
    if trial.fits():
        budget.tracks = trial.tracks


def _give_back(budget: _Budget, roles: Roles, backward: bool, lens: str) -> None:
    """Rows that are left over go to the lens, the belts and the main state, then to the meters and the skyline."""
    first = [lens, *roles.belts, roles.main]

    def worth(track: Track) -> int:
        return first.index(track.name) if track.name in first else len(first)

    for kind in ("gradient", "value") if backward else ("value", "gradient"):
        for track in sorted((t for t in budget.tracks if t.kind == kind), key=worth):
            spare = budget.room - budget.used()
            for rows in _richer(track):
                if rows <= track.rows + spare:
                    budget.tracks[budget.tracks.index(track)] = replace(track, rows=rows)
                    break
    meters = [track for track in budget.tracks if track.kind in _METERS and track.rows < 2]
    if len(meters) <= budget.room - budget.used():
        budget.tracks = [replace(track, rows=2) if track in meters else track for track in budget.tracks]
    _raise(budget)


def _raise(budget: _Budget) -> None:
    """The skylines take what is left, two of them in equal parts."""
    skylines = [track for track in budget.tracks if track.kind in ("skyline", "shares")]
    left = budget.room - budget.used() + sum(track.rows for track in skylines)
    for place, track in enumerate(skylines):
        rows = min(_SKYLINE_SPARE_ROWS, max(track.rows, -(-left // (len(skylines) - place))))
        budget.tracks[budget.tracks.index(track)] = replace(track, rows=min(rows, left))
        left -= rows


def _richer(track: Track) -> list[int]:
    """The numbers of rows that show more of a variable than it has now, the most first: a row a unit where that is
    a short list, else as few units a lane as possible."""
    full = [track.units] if track.units <= 2 * _LIST_ROWS else []
    lanes = [-(-track.units // units) for units in (2, 4, 8)]
    return [rows for rows in (*full, *lanes) if rows > track.rows]
