"""The bar of a long piece of work."""

import io

import pytest

from rnntui.plain.progress import Progress, bar, clock


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_the_bar_is_as_full_as_the_work_is_done():
    assert [bar(n, 4, 4) for n in range(5)] == ["[----]", "[#---]", "[##--]", "[###-]", "[####]"]
    assert bar(0, 0, 2) == "[##]"


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "0 s"), (59.4, "59 s"), (185, "3:05"), (7800, "2:10:00")])
def test_seconds_are_said_as_on_a_clock(seconds, said):
    assert clock(seconds) == said


def test_a_terminal_gets_one_line_that_is_taken_away():
    screen = Screen()
    progress = Progress(2, stream=screen)
    progress.show(1, "loss 0.5")
    progress.show(2, "loss 0.25")
    progress.end()
    assert "\r[############------------] 1/2  loss 0.5" in screen.getvalue()
    assert "[########################] 2/2  loss 0.25  0 s left" in screen.getvalue()
    assert screen.getvalue().endswith("\r\x1b[K") and "\n" not in screen.getvalue()


def test_what_is_no_terminal_gets_nothing():
    stream = io.StringIO()
    progress = Progress(2, stream=stream)
    progress.show(2, "")
    progress.end()
    assert stream.getvalue() == ""
