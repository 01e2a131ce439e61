"""The work directory: what a job that is going has done, for its next attempt to go on with."""

from __future__ import annotations

import shutil
from pathlib import Path

from service.jobs.code import code_version
from service.jobs.reader import JobReader
from service.jobs.record import FINAL
from service.settings import Settings

NAME = "work"


def work_folder(settings: Settings, job: str) -> Path:
    """Return where a job keeps what it has done; other code does not go on with it."""
    return settings.folder / NAME / job / code_version()[:16]


def clear(settings: Settings, job: str) -> None:
    """Drop what a job has kept, as far as can be; `clear_final` drops the rest."""
    shutil.rmtree(settings.folder / NAME / job, ignore_errors=True)


def clear_final(settings: Settings, reader: JobReader) -> None:
    """Drop what final and deleted jobs have kept."""
    folder = settings.folder / NAME
    if not folder.is_dir():
        return
    jobs = [path.name for path in folder.iterdir()]
    states = reader.states(jobs)
    for job in jobs:
        if job not in states or states[job] in FINAL:
            clear(settings, job)
