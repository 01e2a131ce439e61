from __future__ import annotations

import json
import os
import re
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from instances import parse
from optimizer import Options, sheet, solve
from service.client import Client, Refused, Unreachable
from service.examples import TINY
from service.job_asks import asked_of
from service.jobs.record import State
from service.jobs.told import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from service.client import Event

Problem = dict[str, Any]


@pytest.fixture(scope="module")
def address(running: Callable[..., Any]) -> Iterator[str]:
    """The address of a server that runs jobs."""
    with running() as server:
        server.wait_until_ready()
        yield server.url


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def test_result_is_that_of_a_solve_here(client: Client, tiny: Problem):
    problem = parse(tiny)
    here = solve(problem)
    told: list[Event] = []
    job = client.submit(problem, label="mine", options=Options(threads=1)).wait(told=told.append)
    there = job.result()
    assert there.objective == here.objective
    assert there.purchases.equals(here.purchases)
    assert [event.data["state"] for event in told if event.kind == "state"] == [
        "queued",
        "running",
        "succeeded",
    ]
    assert [found.id for found in client.jobs(label="mine")] == [job.id]
    assert "succeeded after" in job.log()
    job.delete()
    with pytest.raises(Refused) as refused:
        job.refresh()
    assert (refused.value.status, refused.value.kind) == (404, "unknown-job")


def test_what_is_submitted_with_a_key_twice_is_one_job(client: Client, tiny: Problem):
    first = client.submit(tiny, idempotency_key="a-key")
    assert client.submit(tiny, idempotency_key="a-key").id == first.id
    with pytest.raises(Refused) as refused:
        client.submit(tiny, "explain", idempotency_key="a-key")
    assert (refused.value.status, refused.value.kind) == (409, "key-reused")
    assert client.submit(tiny).id != first.id


def test_other_kinds_give_their_answers(client: Client, tiny: Problem):
    axes = ["demand[us].quantity=80,100"]
    job = client.submit(tiny, "sweep", axes=axes).wait()
    assert job.answer()["result"]["counts"] == {"optimal": 2}
    with pytest.raises(Refused, match="kind sweep"):
        job.result()


def test_decision_analyses_give_documents(client: Client, tiny: Problem):
    told = client.decisions.partners(tiny, ["CHN"], coalitions=True)
    # without China all 100 t cost 30 USD: 3,000 in place of 2,200
    assert [(loss.partners, loss.dearer_usd) for loss in told.losses] == [(["CHN"], 800)]
    assert [item.members for item in told.coalitions] == [[], ["CHN"]]
    unmet = ["demand[us].shortfall_cost=1000"]
    (bought,) = client.decisions.purse(tiny, ["1300 USD"], ["unmet"], edits=unmet).bought
    # 40 t at 10 and 30 t at 30 USD
    assert bought.unmet == pytest.approx(0.3, abs=1e-6)
    turn = ["contracts[deal].maximum=0,10"]
    deal = [{"id": "deal", "offer": "au", "maximum": 0, "take_or_pay": 1, "price": 40}]
    offtake = client.decisions.instruments({**tiny, "contracts": deal}, turn, 100)
    # the last 10 of 60 t from Australia at 40 in place of 30 USD
    assert offtake.effects[0].amount == pytest.approx(10)
    assert offtake.effects[0].outlay_usd == pytest.approx(100)
    with pytest.raises(Refused) as refused:
        client.decisions.instruments(tiny, ["offers[cn].price=0,1"], 100)
    assert [finding.where for finding in refused.value.findings] == ["offers[cn].price"]


def test_a_sheet_is_a_document_a_page_and_text(
    client: Client, address: str, tiny: Problem, diversify: Any, saved: Any, monkeypatch: Any
):
    monkeypatch.setenv("DIVERSIFY_SERVER", address)
    job = client.submit(tiny, "sheet").wait()
    assert job.document() == client.decisions.sheet(tiny)
    assert "<h1>DECISION SHEET  two-sellers" in job.page()
    run = diversify("jobs", "get", job.id, "--result")
    assert run.returncode == 0
    assert run.stdout == f"{sheet(parse(tiny)).summary()}\n"
    assert json.loads(diversify("jobs", "get", job.id, "--result", "--json").stdout)["words"]
    tiny["offers"][1]["capacity"] = 50
    run = diversify("jobs", "submit", saved(tiny), "--kind", "sheet", "--wait")
    assert run.returncode == 3
    assert "NO PLAN, AND WHY" in run.stdout
    solve = client.submit(tiny).wait()
    for asked in (solve.document, solve.page):
        with pytest.raises(Refused, match="kind"):
            asked()


def test_every_finding_is_told(client: Client, tiny: Problem):
    with pytest.raises(Refused) as refused:
        client.submit(tiny, options={"gap": -1}, diagnoze="never")
    found = {finding.where: finding.nearest for finding in refused.value.findings}
    assert found == {"options.gap": None, "diagnoze": "diagnose"}
    assert refused.value.status == 422


def test_wait_goes_on_when_the_server_is_killed_and_comes_again(
    running: Callable[..., Any], tmp_path: Path, hard: Problem
):
    with running(DATA=str(tmp_path)) as server:
        client = Client(server.url, patience=60)
        port = server.url.rpartition(":")[2]
        # who reads the order is killed with it in hand: another one reads it
        clerk = server.clerk()
        os.kill(clerk, signal.SIGSTOP)
        threading.Timer(0.5, os.kill, (clerk, signal.SIGKILL)).start()
        job = client.submit(hard, options={"time_limit": 2})
        assert server.clerk() != clerk
        done: list[State] = []
        waiter = threading.Thread(target=lambda: done.append(job.wait().state))
        waiter.start()
        server.wait_until(lambda: client.job(job.id).state is State.RUNNING)
        server.process.kill()
        server.process.wait()
    with running("--port", port, DATA=str(tmp_path)):
        waiter.join(60)
        assert done == [State.SUCCEEDED]
        states = [event.data["state"] for event in job.events() if event.kind == "state"]
        assert states == ["queued", "running", "queued", "running", "succeeded"]
        client.close()


def test_server_that_is_not_there_is_said_after_patience(tiny: Problem):
    begun = time.monotonic()
    with (
        Client("http://127.0.0.1:9", patience=0.5) as client,
        pytest.raises(Unreachable, match="does not answer"),
    ):
        client.submit(tiny)
    assert time.monotonic() - begun < 20


def test_command_line_submits_waits_and_ends_with_the_answers_code(
    address: str,
    diversify: Callable[..., Any],
    saved: Callable[..., Path],
    impossible: Problem,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("DIVERSIFY_SERVER", address)
    run = diversify("jobs", "submit", saved(TINY), "--wait", "--label", "by hand")
    assert run.returncode == 0
    # the least cost of the tiny problem, worked by hand in test_answers
    assert "2,200 USD" in run.stdout
    run = diversify("jobs", "submit", saved(impossible), "--wait", "--json")
    assert run.returncode == 3
    assert json.loads(run.stdout)["status"]["point"] == "infeasible"
    run = diversify("jobs", "list", "--label", "by hand")
    job = run.stdout.split()[0]
    assert re.search(
        r"succeeded +solve +\S+ +2,200 USD +two-sellers  \(by hand\)$", run.stdout, re.M
    )
    edit = "offers[au-ga].capacity=0"
    posted = diversify("jobs", "submit", saved(TINY), "--set", edit, "--wait")
    assert posted.returncode == 3
    run = diversify("jobs", "submit", saved(TINY), "--kind", "frontier", "--ask", "rule=cn-cap")
    assert run.returncode == 0
    diversify("jobs", "wait", run.stdout.strip())
    run = diversify("jobs", "list", "--most", "2")
    lines = run.stdout.splitlines()
    assert re.search(r"1,000 USD to 3,000 USD +two-sellers  rule cn-cap$", lines[0])
    assert re.search(rf"infeasible +two-sellers  {re.escape(edit)}$", lines[1])
    # the columns stand below each other
    assert lines[0].index("two-sellers") == lines[1].index("two-sellers")
    assert "2,200 USD" in diversify("jobs", "get", job, "--result").stdout
    assert json.loads(diversify("jobs", "get", job, "--json").stdout)["id"] == job
    assert "attempt 1" in diversify("jobs", "log", job).stdout
    assert "is succeeded" in diversify("jobs", "cancel", job).stderr
    assert diversify("jobs", "delete", job).returncode == 0
    run = diversify("jobs", "wait", job)
    assert run.returncode == 2
    assert "no such job" in run.stderr


def test_command_line_knows_what_a_kind_can_be_asked():
    asked, options = asked_of("sweep", ["axes=a=1,2", "axes=b=3", "sample=5", "time_limit=60"])
    assert asked == {"axes": ["a=1,2", "b=3"], "sample": 5}
    assert options == {"time_limit": 60}
    asked, _ = asked_of("frontier", ["rule=cn-cap", "low=20 %"])
    assert asked == {"rule": "cn-cap", "low": "20 %"}
    asked, _ = asked_of("partners", ["of=CHN", "of=JPN", "coalitions=true"])
    assert asked == {"of": ["CHN", "JPN"], "coalitions": True}
    asked, _ = asked_of("instruments", ["outlay=400 million USD", "turn=funds[f].equity=0,1"])
    assert asked == {"outlay": "400 million USD", "turn": ["funds[f].equity=0,1"]}


@pytest.mark.parametrize(
    ("progress", "words"),
    [
        ({"done": 3, "total": 1000}, "3 of 1,000 done"),
        ({"seconds": 1.0, "bound_usd": None, "incumbent_usd": None, "gap": None}, "no plan yet"),
        (
            {"seconds": 1.0, "bound_usd": 1.5e9, "incumbent_usd": 2e9, "gap": 0.25},
            "best plan 2 billion USD, no plan below 1.5 billion USD, gap 25 %",
        ),
    ],
)
def test_progress_is_told_in_words(progress: dict[str, float | None], words: str):
    assert in_words(progress) == words
