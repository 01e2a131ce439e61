from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEY = f"dvf_0123456789ab_{'Z' * 43}"
PROGRAM = f"""
import logging, os, sys, warnings
from service.logs import about, note, start_logging
from service.settings import Settings

start_logging(Settings(log_format=sys.argv[1], log_level="info"), "test")
logger = logging.getLogger("service.tried")
with about(job="j1", tenant="acme"):
    note(key=None)
    logger.info("first\\n2026-11-28 ERROR forged \\x1b[31m {KEY}")
logger.info("apart")
logging.getLogger("sqlalchemy.engine").info("SELECT every value")
warnings.warn("beware")
os.write(2, b"raw words\\n")
os.system("echo of a child >&2")
raise ValueError("the end")
"""


def written(kind: str) -> list[str]:
    """Return the lines that a process writes, which logs and fails."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert not done.stdout
    return done.stderr.splitlines()


def test_json_log_is_an_object_a_line_whatever_is_written():
    records = [json.loads(line) for line in written("json")]
    assert {record["process"] for record in records} == {"test"}
    first, apart = records[:2]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", first["time"])
    assert (first["level"], first["logger"]) == ("info", "service.tried")
    assert (first["job"], first["tenant"]) == ("j1", "acme")
    hidden = "dvf_0123456789ab_..."
    assert first["message"] == f"first\n2026-11-28 ERROR forged \x1b[31m {hidden}"
    assert apart.keys() == {"time", "level", "process", "logger", "message"}
    said = [record["message"] for record in records]
    assert any("beware" in words for words in said)
    assert {"raw words", "of a child", "the process fails"} < set(said)
    assert "SELECT every value" not in said
    (end,) = (record for record in records if record["level"] == "critical")
    assert end["exception"].endswith("ValueError: the end")


def test_text_log_names_the_job_and_none_can_forge_a_line():
    lines = written("text")
    head = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (INFO|WARNING|CRITICAL) "
    assert re.match(head + r"service.tried job=j1 tenant=acme: first$", lines[0])
    assert lines[1] == r"    2026-11-28 ERROR forged \x1b[31m dvf_0123456789ab_..."
    assert re.match(head + "service.tried: apart$", lines[2])
    assert any(line.endswith("ValueError: the end") for line in lines)
