"""Numbers as people read them: in a sentence, in a cell of fixed width, as a short vector."""

from __future__ import annotations

import math
from collections.abc import Iterable

_TINY = 0.0095
"""Below this two decimals would keep no digit."""
_SHORT_WIDTH = 5


def number(value: float, digits: int = 4, minus: str = "-") -> str:
    """A number for prose: `digits` significant ones, 1.2e-5 where it is small, NaN and inf by name. `minus` is the
    sign itself, "−" where the text is read and not pasted."""
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "inf" if value > 0 else f"{minus}inf"
    if value == 0:
        return "0"
    size = abs(value)
    mantissa, exponent = f"{size:.{max(digits - 1, 0)}e}".split("e")
    if -4 <= int(exponent) < 6:
        text = _trimmed(f"{size:.{max(0, digits - 1 - int(exponent))}f}")
    else:
        text = f"{_trimmed(mantissa)}e{int(exponent)}"
    return (minus if value < 0 else "") + text.replace("e-", f"e{minus}")


def cell_text(value: float, width: int = _SHORT_WIDTH) -> str:
    """A signed number at the right of exactly `width` ≥ 1 characters: `+.78`, `-1.9`, `7e-3`, `NaN`, `+inf`, `0`.

    As the width shrinks it keeps two digits, one digit, the power of ten (`-e-9`), the sign; a sign and `!` stand
    for what is too large to write."""
    value = float(value)
    if math.isnan(value):
        return _fit(("NaN", "N"), width)
    if value == 0:
        return _fit(("0",), width)
    sign = "-" if value < 0 else "+"
    size = abs(value)
    if math.isinf(size):
        return _fit((f"{sign}inf", f"{sign}∞", sign), width)
    if size < _TINY:
        full, power = _scientific(sign, size)
        near = (f"{sign}.01",) if size >= 0.005 else ()
        return _fit((full, *near, power, f"{sign}.00", f"{sign}.0", f"{sign}.", sign), width)
    if size < 0.995:
        two, one = f"{size:.2f}"[1:], f"{size:.1f}"
        shorter = (f"{sign}1",) if one == "1.0" else (sign + one[1:], one[1:] if sign == "+" else "-.")
        return _fit((sign + two, *shorter, sign), width)
    if size < 9.95:
        return _fit((f"{sign}{size:.1f}", f"{sign}{size:.0f}", f"{sign}!", sign), width)
    whole = (f"{sign}{size:.0f}",) if size < 9999.5 else ()
    full, power = _scientific(sign, size)
    signed = (f"+{full}", full, f"+{power}", power) if sign == "+" else (full, power)
    return _fit((*whole, *signed, f"{sign}big", f"{sign}!", sign), width)


def unit_text(value: float, width: int = 4) -> str:
    """A number in [0, 1], such as a gate's, without a sign at the right of exactly `width` ≥ 1 characters: `.88`,
    `1.0`; any other as `cell_text`."""
    value = float(value)
    if not 0 <= value <= 1:
        return cell_text(value, width)
    value = abs(value)  # −0.0 has a sign of its own
    two, one = f"{value:.2f}", f"{value:.1f}"
    return _fit(
        ("1.0" if two == "1.00" else two[1:], "1" if one == "1.0" else one[1:], f"{value:.0f}"),
        width,
    )


def positive_text(value: float, width: int) -> str:
    """A number that is never negative, without a sign, at the right of its width."""
    two = f"{value:.2f}"
    forms = (two, two.removeprefix("0"), f"{value:.1f}") if 0.005 <= value < 1e4 else ()
    text = next((form for form in forms if len(form) <= width), None)
    return text.rjust(width) if text else cell_text(value, min(width, 6)).strip().lstrip("+")[:width].rjust(width)


def vector_text(values: Iterable[float], units: int = 4, digits: int | None = None) -> str:
    """`[+.12 -.11 +.23 +.16]`: the first `units` numbers, then … where there are more. `digits`: as many
    significant ones; None for the short form of a cell."""
    numbers = [float(value) for value in values]
    shown = [
        cell_text(value).strip() if digits is None else number(value, digits) for value in numbers[: max(units, 0)]
    ]
    return f"[{' '.join([*shown, '…'] if len(numbers) > units else shown)}]"


def scientific(size: float, digits: int = 3) -> str:
    """A size of at least 0 as at most `digits` significant ones and a power of ten: `1.65e6`, `4e-3`."""
    mantissa, exponent = f"{size:.{digits - 1}e}".split("e")
    return f"{_trimmed(mantissa)}e{int(exponent)}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scientific(sign: str, size: float) -> tuple[str, str]:
    """One digit and a power of ten, then the power alone: `-7e-3`, `-e-3`; 7e-3 has no room for its +."""
    mantissa, exponent = f"{size:.0e}".split("e")
    minus = "-" if sign == "-" else ""
    return f"{minus}{mantissa}e{int(exponent)}", f"{minus}e{int(exponent)}"


def _fit(forms: tuple[str, ...], width: int) -> str:
    """The first form that fits."""
    return next((form for form in forms if len(form) <= width), forms[-1][:width]).rjust(width)
