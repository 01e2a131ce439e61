"""docs/service.md: what it tells to type works."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "service.md").read_text()
ADDRESS = "http://127.0.0.1:8000"


def test_every_line_of_the_page_works(running: Callable[..., Any], tmp_path: Path):
    with running(DATA=str(tmp_path)) as server:
        server.wait_until_ready()
        program = f'diversify() {{ "{sys.executable}" -m service.cli "$@"; }}'
        environment = os.environ | {
            "PYTHONPATH": str(ROOT),
            "DIVERSIFY_SERVER": server.url,
            "DIVERSIFY_DATA": str(tmp_path),
        }
        blocks = re.findall(r"```(sh|python)\n(.*?)```", PAGE, re.DOTALL)
        assert len(blocks) >= 5
        for language, text in blocks:
            there = text.replace(ADDRESS, server.url)
            if language == "sh":
                line = ["bash", "-euc", f"{program}\n{there.replace('curl -s', 'curl -sf')}"]
            else:
                line = [sys.executable, "-c", there]
            done = subprocess.run(
                line,
                env=environment,
                cwd=tmp_path,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, text + done.stderr
            assert done.stdout, text
