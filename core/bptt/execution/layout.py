"""Where series lie in memory: side by side where one call can then do the work of several.

A block is an array (times, batch, lanes · units). Gates that are the same function of their arguments, products of the
same operand with several matrices, and gradients that one matrix product gathers want to be lanes of one block, each
next to the other; an order of the lanes that fits most of those wishes is searched.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bptt.execution.analysis import Analysis
from bptt.execution.series import Line, Series
from bptt.execution.stages import Stage, affine, is_unary
from bptt.expressions import Expression, Var, rewrite, walk

Group = tuple[Line, ...]
"""Lines that one set of calls computes: one line, or lanes that lie side by side in this order."""
_PATIENCE = 4000
"""Placements tried before an order is held to be impossible."""


@dataclass(frozen=True)
class Layout:
    """The blocks, and the groups of each stage in order."""

    blocks: tuple[tuple[str, ...], ...]
    """The lanes of each block, in order; all of one dim."""
    forward: tuple[tuple[bool, tuple[Group, ...]], ...]
    """For each stage whether it recurs, and its groups."""
    backward: tuple[tuple[bool, tuple[Group, ...]], ...]


def lay_out(analysis: Analysis) -> Layout:
    """Choose the order of all lanes; what recurs has the first say."""
    wishes = _Wishes(analysis.series)
    levelled = [(stage, _levels(stage)) for stage in (*analysis.forward, *analysis.backward)]
    granted: dict[tuple[int, int], list[tuple[Group, bool]]] = {}
    for recurs in (True, False):
        for number, (stage, levels) in enumerate(levelled):
            if stage.recurs == recurs:
                for place, level in enumerate(levels):
                    lanes = _alike(level, analysis.series, wishes, recurs)
                    granted[number, place] = [(group, _granted(wishes, group)) for group in lanes]
    for names in _gathered(analysis):
        wishes.add([names], [])
    order = wishes.order()
    made = [
        (stage.recurs, tuple(_groups([g for place in range(len(levels)) for g in granted[number, place]], order)))
        for number, (stage, levels) in enumerate(levelled)
    ]
    turn = len(analysis.forward)
    return Layout(wishes.blocks(order, _names(analysis)), tuple(made[:turn]), tuple(made[turn:]))


def _names(analysis: Analysis) -> list[str]:
    lines = [line.name for stage in (*analysis.forward, *analysis.backward) for line in stage.lines]
    return [*dict.fromkeys(lines)]


def _levels(stage: Stage) -> list[list[Line]]:
    """The lines by how many others of the stage each has to wait for, one after another."""
    depth: dict[str, int] = {}
    for line in stage.lines:
        reads = line.present if stage.recurs else line.reads
        depth[line.name] = 1 + max((depth.get(name, 0) for name in reads), default=0)
    return [[line for line in stage.lines if depth[line.name] == level] for level in sorted(set(depth.values()))]


def _alike(lines: Iterable[Line], series: Series, wishes: _Wishes, recurs: bool) -> list[Group]:
    """Lines of one level that do the same with other operands."""
    alike: dict[object, list[Line]] = {}
    for line in lines:
        alike.setdefault(_likeness(line, series, wishes, recurs), []).append(line)
    return [tuple(lanes) for lanes in alike.values()]


def _likeness(line: Line, series: Series, wishes: _Wishes, recurs: bool) -> object:
    """Equal for two lines that one set of calls could compute. Outside a loop a function takes its operands as the
    loop has put them: to move them together would cost more than the few calls that it saves."""
    found = affine(line.expression)
    dim = series.dims[line.name]
    if found is not None:
        operands = tuple(dict.fromkeys(vector for _, _, _, vector in found.products))
        return operands, found.added is None, dim
    if is_unary(line.expression):
        leaf = _leaf(line).name
        return _anonymous(line.expression), dim, series.dims[leaf], "" if recurs else wishes.block(leaf)
    return line.name


def _leaf(line: Line) -> Var:
    return next(node for node in walk(line.expression) if isinstance(node, Var))


def _anonymous(expression: Expression) -> Expression:
    return Var("", expression.lag) if isinstance(expression, Var) else rewrite(expression, _anonymous)


def _granted(wishes: _Wishes, lanes: Group) -> bool:
    """Wish for the lanes of a group side by side, each operand's too; whether it is granted."""
    names = [line.name for line in lanes]
    found = [affine(line.expression) for line in lanes]
    if found[0] is not None:
        vectors = list(dict.fromkeys(vector for _, _, _, vector in found[0].products))
        if len({vector.lag for vector in vectors}) == 1:
            wishes.add([[vector.name for vector in vectors]], [])
        operands = [lane.added for lane in found if lane is not None and lane.added is not None]
    else:
        operands = [_leaf(line) for line in lanes] if len(lanes) > 1 else []
    if len(lanes) == 1 or len({operand.lag for operand in operands}) > 1:
        return False
    others = [operand.name for operand in operands]
    pairs = list(zip(names, others, strict=True)) if others else []
    return len(set(others)) == len(others) and wishes.add([names, others], pairs)


def _gathered(analysis: Analysis) -> Iterator[list[str]]:
    """The gradients that are multiplied by the same operand, and those that are summed for biases."""
    by_right: dict[Var | None, dict[str, None]] = {}
    for share in analysis.shares:
        by_right.setdefault(share.right, {})[share.left] = None
    by_dim: dict[tuple[Var | None, str], list[str]] = {}
    for right, lefts in by_right.items():
        for name in lefts:
            by_dim.setdefault((right, analysis.series.dims[name]), []).append(name)
    yield from (names for names in by_dim.values() if len(names) > 1)


def _groups(lanes: Iterable[tuple[Group, bool]], order: dict[str, int]) -> Iterator[Group]:
    for group, granted in lanes:
        if granted:
            yield tuple(sorted(group, key=lambda line: order[line.name]))
        else:
            yield from ((line,) for line in group)


@dataclass
class _Wishes:
    """Sets of names that want to lie side by side. Names that are coupled keep the same order, each in its block."""

    series: Series
    _sets: list[list[str]] = field(default_factory=list)
    _class: dict[str, str] = field(default_factory=dict)
    _block: dict[str, str] = field(default_factory=dict)

    def add(self, sets: Sequence[Sequence[str]], pairs: Sequence[tuple[str, str]]) -> bool:
        """Grant a wish where it goes with all those granted before; whether it was."""
        wished = [list(names) for names in sets if len(names) > 1]
        before = dict(self._class), dict(self._block), list(self._sets)
        for names in wished:
            for name in names[1:]:
                _join(self._block, names[0], name)
        for a, b in pairs:
            _join(self._class, a, b)
        self._sets += wished
        if self._possible():
            return True
        self._class, self._block, self._sets = before
        return False

    def _possible(self) -> bool:
        members: dict[str, list[str]] = {}
        for name in {name for names in self._sets for name in names}:
            members.setdefault(_root(self._block, name), []).append(name)
        for names in members.values():
            if len({_root(self._class, name) for name in names}) < len(names):
                return False
            if len({self.series.dims[name] for name in names}) > 1 or "x" in names or "y" in names:
                return False
        return self._arranged() is not None

    def _arranged(self) -> list[str] | None:
        sets = [frozenset(_root(self._class, name) for name in names) for names in self._sets]
        found: list[str] = []
        rest = list(dict.fromkeys(sets))
        while rest:
            part = [rest.pop(0)]
            reach = set(part[0])
            while joined := [other for other in rest if other & reach]:
                part += joined
                reach |= set().union(*joined)
                rest = [other for other in rest if other not in joined]
            placed = _arrange(sorted(reach), part)
            if placed is None:
                return None
            found += placed
        return found

    def block(self, name: str) -> str:
        """The same for all names that lie in one block."""
        return _root(self._block, name)

    def order(self) -> dict[str, int]:
        """Name → its place among all lanes, for every name in a granted wish."""
        places = {key: place for place, key in enumerate(self._arranged() or [])}
        return {name: places[_root(self._class, name)] for names in self._sets for name in names}

    def blocks(self, order: dict[str, int], names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
        """All names, those that share a block together and in order."""
        members: dict[str, list[str]] = {}
        for name in dict.fromkeys([*names, *order]):
            members.setdefault(_root(self._block, name), []).append(name)
        return tuple(tuple(sorted(lanes, key=lambda name: order.get(name, 0))) for lanes in members.values())


def _root(parents: dict[str, str], name: str) -> str:
    while (parent := parents.get(name, name)) != name:
        name = parent
    return name


def _join(parents: dict[str, str], a: str, b: str) -> None:
    parents[_root(parents, a)] = _root(parents, b)


def _arrange(items: Sequence[str], sets: Sequence[frozenset[str]]) -> list[str] | None:
    """An order of the items in which each set is an unbroken run; None where there is none, or none is found."""
    tries = 0

    def place(done: list[str], rest: frozenset[str], open_sets: list[frozenset[str]]) -> list[str] | None:
        nonlocal tries
        if not rest:
            return done
        for item in items:
            if item in rest and all(item in partly for partly in open_sets):
                tries += 1
                if tries > _PATIENCE:
                    return None
                left = rest - {item}
                opened = [s for s in sets if s & left and not s <= left]
                found = place([*done, item], left, opened)
                if found is not None:
                    return found
        return None

    return place([], frozenset(items), [])
