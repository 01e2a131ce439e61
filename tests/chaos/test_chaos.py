"""Every job that was accepted has one answer, the right one, whatever is killed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from service.jobs.database import connect, reading, url_of
from service.jobs.record import State
from service.jobs.tables import ANSWERS, EVENTS, JOBS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.farm import Farm

LetLoose = Callable[..., Any]


def assert_each_answered_once(told: list[Any], url: str, jobs: int) -> None:
    assert {one.state for one in told} == {State.SUCCEEDED}
    for one in told:
        assert None not in one.truth
        assert one.costs == pytest.approx(one.truth, rel=1e-9)
    assert len({one.job for one in told}) == jobs
    engine = connect(url)
    with reading(engine) as connection:
        # none lost, none doubled, none that nobody was told of
        assert set(connection.execute(select(JOBS.c.id)).scalars()) == {one.job for one in told}
        answers = connection.execute(select(ANSWERS.c.job)).scalars()
        assert sorted(answers) == sorted(one.job for one in told)
        ends = (
            select(EVENTS.c.job, func.count())
            .where(EVENTS.c.kind == "state")
            .where(EVENTS.c.data["state"].as_string().in_(["succeeded", "failed"]))
            .group_by(EVENTS.c.job)
        )
        assert {count for _, count in connection.execute(ends)} == {1}
    engine.dispose()


@pytest.mark.deep
def test_few_jobs_and_kills(let_loose: LetLoose, tmp_path: Path):
    told, _ = let_loose(
        tmp_path, jobs=12, clients=4, kills=4, pause=1.5, seed=1, MOST_ATTEMPTS="20"
    )
    assert_each_answered_once(told, url_of(tmp_path / "0"), 12)


def test_few_jobs_and_kills_in_a_cluster(let_loose: LetLoose, tmp_path: Path, database: str):
    told, victim = let_loose(
        tmp_path,
        database,
        jobs=12,
        clients=4,
        kills=4,
        pause=1.5,
        seed=5,
        MOST_ATTEMPTS="20",
        LEASE_SECONDS="3",
        JOBS="2",
    )
    assert victim.kills["connection"] >= 1
    assert victim.kills["worker"] == 1
    assert_each_answered_once(told, database, 12)


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_many_jobs_and_kills(let_loose: LetLoose, tmp_path: Path):
    told, victim = let_loose(
        tmp_path, jobs=500, clients=25, kills=50, pause=8, seed=2, MOST_ATTEMPTS="50"
    )
    assert sum(victim.kills.values()) >= 40
    assert_each_answered_once(told, url_of(tmp_path / "0"), 500)


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_many_jobs_and_kills_in_a_cluster(
    let_loose: LetLoose, tmp_path: Path, database: str, farm: Farm
):
    told, victim = let_loose(
        tmp_path,
        database,
        farm,
        jobs=500,
        clients=25,
        kills=60,
        pause=8,
        seed=4,
        MOST_ATTEMPTS="50",
        LEASE_SECONDS="5",
        JOBS="2",
    )
    assert sum(victim.kills.values()) >= 40
    parts = ("server", "worker", "clerk", "connection", "dask worker")
    assert min(victim.kills[part] for part in parts) > 0
    assert_each_answered_once(told, database, 500)
