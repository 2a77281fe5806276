"""The full screen on a pseudo-terminal: however it ends, the terminal is as it was."""

from __future__ import annotations

import fcntl
import os
import signal
import struct
import termios
import time

import pytest

RESTORED = ("\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?1003l", "\x1b[?2004l")
"""The old screen, the cursor; no mouse and no bracketed paste."""
ARGUMENTS = ("step", "--cell", "lstm", "--text", "hello hello")


def resize(screen, columns, rows):
    fcntl.ioctl(screen.descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    os.kill(screen.process.pid, signal.SIGWINCH)


def opened(terminal):
    """The screen with the run on it, and the terminal's settings before."""
    screen = terminal(*ARGUMENTS, COLUMNS="")
    before = termios.tcgetattr(screen.descriptor)
    screen.expect("START")
    return screen, before


def quiet(screen, seconds=0.3):
    """Read until nothing has come for a while."""
    while screen._read(time.monotonic() + seconds):
        pass


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131), (None, 0)]
)
def test_a_signal_or_q_gives_the_terminal_back(terminal, number, code):
    screen, before = opened(terminal)
    quiet(screen)
    if number is None:
        screen.send("q")
    else:
        os.kill(screen.process.pid, number)
    assert screen.end() == code
    for sequence in RESTORED:
        assert sequence in screen.screen
    assert "Traceback" not in screen.screen
    assert "rnntui:" not in screen.screen
    assert termios.tcgetattr(screen.descriptor) == before


def test_stopping_gives_the_terminal_back_and_going_on_takes_it_again(terminal):
    screen, before = opened(terminal)
    quiet(screen)
    screen.screen = ""
    os.kill(screen.process.pid, signal.SIGTSTP)
    assert os.waitpid(screen.process.pid, os.WUNTRACED)[1] & 0xFF == 0x7F  # stopped
    quiet(screen)
    for sequence in RESTORED:
        assert sequence in screen.screen
    assert termios.tcgetattr(screen.descriptor) == before
    os.kill(screen.process.pid, signal.SIGCONT)
    screen.expect("\x1b[?1049h")
    screen.expect("START")
    screen.send("q")
    assert screen.end() == 0


def test_a_bad_input_leaves_the_screen_and_says_one_line(terminal):
    screen = terminal("step", "--csv", "missing.csv")
    assert screen.end() == 2
    last = screen.screen[screen.screen.rindex("\x1b[?1049l") :]
    assert "missing.csv: no such file" in last
    assert "Traceback" not in last


def test_a_hundred_resizes_in_two_seconds_settle(terminal):
    screen, _ = opened(terminal)
    for n in range(100):
        resize(screen, 60 + n, 20 + n % 30)
        screen._read(time.monotonic() + 0.02)
    resize(screen, 100, 30)
    quiet(screen, 0.5)
    screen.screen = ""
    screen.send("\x1b[C")
    quiet(screen)
    assert "FORWARD" in screen.screen
    assert len(screen.screen.encode()) < 20_000  # a step is a step again, not a backlog of frames
    screen.send("q")
    assert screen.end() == 0
    assert "Traceback" not in screen.screen
