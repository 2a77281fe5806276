"""A run's timesteps, from a position on and in either direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bptt.run import Run
from bptt.schedule import Phase

_FIRST, _MOST = 64, 8192
"""Timesteps in a list: few at first, for what lies near."""


@dataclass(frozen=True, slots=True)
class Block:
    """The steps of one timestep in one phase."""

    start: int
    stop: int
    phase: Phase
    t: int


def chunks(run: Run, position: int, forwards: bool) -> Iterator[list[Block]]:
    """The blocks from `position` on, in the direction of travel, in lists that rise."""
    many = _FIRST
    edge = position if forwards else min(position, len(run)) - 1
    block = block_at(run, edge) if 0 <= edge < len(run) else None
    while block is not None:
        blocks = [block]
        while len(blocks) < many and (block := _beside(run, block, forwards)) is not None:
            blocks.append(block)
        yield blocks if forwards else blocks[::-1]
        block = _beside(run, blocks[-1], forwards)
        many = min(2 * many, _MOST)


def _beside(run: Run, block: Block, forwards: bool) -> Block | None:
    edge = block.stop if forwards else block.start - 1
    return block_at(run, edge) if 0 <= edge < len(run) else None


def block_at(run: Run, index: int) -> Block:
    """The block that holds a step."""
    schedule = run.schedule
    place = schedule.place(index)
    if place.phase == "cut":
        return Block(index, index + 1, "cut", place.t)
    steps = schedule.forward if place.phase == "forward" else schedule.backward
    offset = next(n for n, equation in enumerate(steps) if equation is place.equation)
    return Block(index - offset, index - offset + len(steps), place.phase, place.t)
