"""Forked children: the same answers and the same ends as fresh processes, begun at once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from service.children import Reply, ask, environment
from service.forks import Forks
from service.outcome import Outcome
from service.settings import Settings

Problem = dict[str, Any]


def body(problem: Problem) -> bytes:
    return json.dumps({"problem": problem}).encode()


def limits(**limits: object) -> Settings:
    return Settings.model_validate(limits)


def source_of(forks: Forks) -> Any:
    return forks._starting.result()


def alive(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


async def until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


def test_forked_children_answer_end_and_are_ended(tiny: Problem, hard: Problem):
    async def tried() -> None:
        forks = Forks(environment())
        try:
            # ten at once, of one source, each with the answer worked by hand
            replies = await asyncio.gather(
                *(ask("solve", body(tiny), limits(), forks=forks) for _ in range(10))
            )
            assert {reply.outcome for reply in replies} == {Outcome.ANSWER}
            for reply in replies:
                found = json.loads(reply.payload)["result"]["objective_usd"]
                assert found == pytest.approx(2200)
            source = source_of(forks)
            assert not source._children
            for what in (await stopped(forks), await killed(forks), await too_long(forks)):
                assert what
            assert (await left(forks)) is None
            assert await starved(forks)
            # the source dies: its children are ended, and the next one begins anew
            work = asyncio.create_task(ask("solve", body(hard), limits(), forks=forks))
            await until(lambda: source._children)
            (child,) = source._children
            source._process.kill()
            reply = await work
            assert reply.outcome is Outcome.CRASHED
            await until(lambda: not alive(child))
            reply = await ask("solve", body(tiny), limits(), forks=forks)
            assert reply.outcome is Outcome.ANSWER
        finally:
            await forks.close()
        assert not alive(source_of(forks)._process.pid)

    async def begun(forks: Forks, **more: Any) -> tuple[asyncio.Task[Reply], int]:
        children = source_of(forks)._children
        work = asyncio.create_task(ask("solve", body(hard), forks=forks, **more))
        await until(lambda: children)
        (child,) = children
        # by its name operators tell it from the process that forked it
        await until(lambda: Path(f"/proc/{child}/comm").read_text() == "child\n")
        return work, child

    async def stopped(forks: Forks) -> bool:
        told: list[dict[str, float | None]] = []
        stop = asyncio.Event()
        work, _ = await begun(forks, settings=limits(), told=told.append, stop=stop)
        await until(lambda: any(words["incumbent_usd"] is not None for words in told))
        stop.set()
        reply = await work
        return json.loads(reply.payload)["status"] == {"stop": "cancelled", "point": "feasible"}

    async def killed(forks: Forks) -> bool:
        work, child = await begun(forks, settings=limits())
        os.kill(child, signal.SIGKILL)
        reply = await work
        return reply.outcome is Outcome.CRASHED and b"SIGKILL" in reply.payload

    async def too_long(forks: Forks) -> bool:
        work, child = await begun(forks, settings=limits(wall_seconds=0.5))
        reply = await work
        return reply.outcome is Outcome.WALL_TIME and not alive(child)

    async def left(forks: Forks) -> None:
        work, child = await begun(forks, settings=limits())
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        assert not alive(child)

    async def starved(forks: Forks) -> bool:
        settings = limits(memory_bytes=320 * 2**20)
        reply = await ask("solve", body(hard), settings, forks=forks)
        return reply.outcome is Outcome.OUT_OF_MEMORY

    asyncio.run(tried())


def test_children_are_fresh_where_none_can_be_forked(tiny: Problem, tmp_path: Path):
    async def tried() -> Reply:
        # a source that cannot find what it is to load
        forks = Forks({"PATH": os.environ["PATH"], "PYTHONPATH": str(tmp_path)})
        try:
            return await ask("validate", body(tiny), limits(), forks=forks)
        finally:
            await forks.close()

    assert asyncio.run(tried()).outcome is Outcome.ANSWER
