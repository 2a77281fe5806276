"""The shared options are exactly the fields of a request, with the same defaults."""

from __future__ import annotations

from dataclasses import fields

import click

from rnntui.commands.options import NAMES, source_options
from rnntui.sources.request import SOURCES, Request, option

taken: list[tuple[Request, int]] = []


@click.command
@source_options
@click.option("--more", type=int, default=0)
def command(request: Request, more: int) -> None:
    taken.append((request, more))


def parsed(*arguments: str) -> tuple[Request, int]:
    command.main(list(arguments), standalone_mode=False)
    return taken.pop()


def test_every_field_has_its_option_and_every_option_its_field() -> None:
    flags = {flag for parameter in command.params for flag in parameter.opts} - {"--more"}
    assert flags == {option(name) for name in NAMES}
    assert set(NAMES) == {field.name for field in fields(Request)}
    assert set(SOURCES) < set(NAMES)


def test_without_options_it_is_the_default_request() -> None:
    assert parsed() == (Request(), 0)


def test_each_option_fills_its_field_and_the_command_keeps_its_own() -> None:
    whole = {"hidden": 7, "layers": 2, "seed": 8, "length": 9, "offset": 10, "batch": 11, "window": 13, "stride": 12}
    whole |= {"scale": 0.5}
    texts = {name: f"a {name}" for name in NAMES if name not in whole} | {"dtype": "float32"}
    arguments = [part for name, value in {**whole, **texts}.items() for part in (option(name), str(value))]
    assert parsed(*arguments, "--more", "3") == (Request(**whole, **texts), 3)  # type: ignore[arg-type]  # by name
