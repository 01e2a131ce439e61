"""docs/questions.md: every command on it runs, and prints the lines that the page shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^## (\d+)\. (.+?)\n\n```sh\n(.+?)\n```\n\n```text\n(.+?)\n```\n\n(.+?)\n", re.M | re.S
)
ANSWERS = {int(number): (command, shown) for number, _, command, shown, _ in BLOCK.findall(PAGE)}
# what takes some seconds each is left to the deep suite
QUICK = (3, 5)
SLOW = tuple(number for number in ANSWERS if number not in QUICK)


def _answered(number: int) -> None:
    command, shown = ANSWERS[number]
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", *shlex.split(command)[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    printed = {line.strip() for line in done.stdout.splitlines()}
    assert [line for line in shown.splitlines() if line.strip() not in printed] == []


def test_twenty_questions_have_a_command_and_an_answer() -> None:
    assert sorted(ANSWERS) == list(range(1, 21))
    assert all(command.startswith("diversify ") for command, _ in ANSWERS.values())
    assert all(shown.strip() for _, shown in ANSWERS.values())


@pytest.mark.slow
@pytest.mark.parametrize("number", QUICK)
def test_a_quick_question_is_answered_as_the_page_says(number: int) -> None:
    _answered(number)


@pytest.mark.deep
@pytest.mark.parametrize("number", SLOW)
def test_a_slow_question_is_answered_as_the_page_says(number: int) -> None:
    _answered(number)
