"""The routes of the analyses: bounded, each answered in one call."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service import analysis_examples as examples
from service.described import SOLVE_ERRORS, answers, asks
from service.desk import Desk


def analyses(router: APIRouter, desk: Desk) -> None:
    """Add the routes to ``router``; what they compute goes to ``desk``."""

    @router.post(
        "/v1/sweep",
        tags=["analyses"],
        summary="Solve a problem at many points and wait for all of them",
        responses=answers(
            {"axis": examples.SWEEP_ANSWER, "tornado": examples.TORNADO_ANSWER},
            SOLVE_ERRORS,
            schema="SweepAnswer",
        ),
        openapi_extra=asks(
            "SweepTask",
            axis=("A cap at three values", examples.SWEEP),
            tornado=("Which assumption matters most", examples.TORNADO),
        ),
    )
    async def sweep(request: Request) -> Response:
        return await desk.serve("sweep", request)

    @router.post(
        "/v1/frontier",
        tags=["analyses"],
        summary="Trace the least cost against a rule or a field",
        responses=answers(
            {"rule": examples.FRONTIER_ANSWER}, SOLVE_ERRORS, schema="FrontierAnswer"
        ),
        openapi_extra=asks("FrontierTask", rule=("A cap between two ends", examples.FRONTIER)),
    )
    async def frontier(request: Request) -> Response:
        return await desk.serve("frontier", request)

    @router.post(
        "/v1/alternatives",
        tags=["analyses"],
        summary="Find other plans that cost nearly the same",
        responses=answers(
            {"margin": examples.ALTERNATIVES_ANSWER}, SOLVE_ERRORS, schema="AlternativesAnswer"
        ),
        openapi_extra=asks("AlternativesTask", margin=("Plans within 5 %", examples.ALTERNATIVES)),
    )
    async def alternatives(request: Request) -> Response:
        return await desk.serve("alternatives", request)

    @router.post(
        "/v1/explain",
        tags=["analyses"],
        summary="Say why there is no plan and what would restore one, what binds, why somebody is "
        "in, or what is assumed",
        responses=answers(
            {
                "clash": examples.EXPLAIN_ANSWER,
                "why": examples.WHY_ANSWER,
                "assumptions": examples.EVIDENCE_ANSWER,
            },
            SOLVE_ERRORS,
            schema="ExplainAnswer",
        ),
        openapi_extra=asks(
            "ExplainTask",
            clash=("A cap that leaves too little", examples.EXPLAIN),
            why=("Why a supplier is in the plan", examples.WHY),
            assumptions=("Which assumption moves the cost most", examples.EVIDENCE),
        ),
    )
    async def explain(request: Request) -> Response:
        return await desk.serve("explain", request)

    @router.post(
        "/v1/compare",
        tags=["analyses"],
        summary="Say what differs between two problems and what each cause adds to the cost",
        responses=answers(
            {"changes": examples.COMPARE_ANSWER}, SOLVE_ERRORS, schema="CompareAnswer"
        ),
        openapi_extra=asks("CompareTask", changes=("A cap and a price", examples.COMPARE)),
    )
    async def compare(request: Request) -> Response:
        return await desk.serve("compare", request)

    @router.post(
        "/v1/stress",
        tags=["analyses"],
        summary="Cut somebody off while the plan stands, and say what is lost",
        responses=answers(
            {"countries": examples.STRESS_ANSWER}, SOLVE_ERRORS, schema="StressAnswer"
        ),
        openapi_extra=asks("StressTask", countries=("China cut off", examples.STRESS)),
    )
    async def stress(request: Request) -> Response:
        return await desk.serve("stress", request)

    @router.post(
        "/v1/worth",
        tags=["analyses"],
        summary="Say what it is worth to know the scenario and where the first decision turns",
        responses=answers({"farmer": examples.WORTH_ANSWER}, SOLVE_ERRORS, schema="WorthAnswer"),
        openapi_extra=asks("WorthTask", farmer=("The farmer's weather", examples.WORTH)),
    )
    async def worth(request: Request) -> Response:
        return await desk.serve("worth", request)
