from __future__ import annotations

import io
import sys

import pytest

from optimizer import Progress
from service.cli import watch


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(watch, "SILENT_SECONDS", 0.0)


def test_terminal_has_one_line_that_is_rewritten_and_cleared(monkeypatch: pytest.MonkeyPatch):
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    line = watch.ProgressLine()
    line.latest = Progress(seconds=1.0, bound=1.9e6, incumbent=2e6, gap=0.05)
    line.tick()
    line.close()
    assert "\n" not in terminal.getvalue()
    assert "best plan 2 million USD, no plan below 1.9 million USD, gap 5 %" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[2K")


def test_log_file_gets_plain_lines_ever_more_rarely(monkeypatch: pytest.MonkeyPatch):
    log = io.StringIO()
    now = iter(range(1000))
    monkeypatch.setattr(sys, "stderr", log)
    monkeypatch.setattr(watch.time, "monotonic", lambda: next(now))
    monkeypatch.setattr(watch, "SILENT_SECONDS", 1.0)
    line = watch.ProgressLine()
    for _ in range(200):
        line.tick()
    line.close()
    told = [int(text.split()[1]) for text in log.getvalue().splitlines()]
    # after 1, 2, 4, ... 64 s, then once a minute
    assert told == [1, 2, 4, 8, 16, 32, 64, 124, 184]
