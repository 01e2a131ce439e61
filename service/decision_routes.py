"""The routes of the decision analyses: bounded, each answered in one call."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service import decision_examples as examples
from service.described import SOLVE_ERRORS, answers, asks
from service.desk import Desk
from service.sheet_page import HTML, as_page, wants_html


def decisions(router: APIRouter, desk: Desk) -> None:
    """Add the routes to ``router``; what they compute goes to ``desk``."""
    sheets = answers({"sheet": examples.SHEET_ANSWER}, SOLVE_ERRORS, schema="SheetAnswer")
    sheets[200]["content"] |= HTML

    @router.post(
        "/v1/sheet",
        tags=["decisions"],
        summary="Say on one page what is short, who supplies, what binds, who matters, what would "
        "flip the plan and what comes first; as HTML if `Accept` prefers it",
        responses=sheets,
        openapi_extra=asks("SheetTask", sheet=("Two sellers and a cap", examples.SHEET)),
    )
    async def sheet(request: Request) -> Response:
        answer = await desk.serve("sheet", request)
        return await as_page(answer) if wants_html(request) else answer

    @router.post(
        "/v1/partners",
        tags=["decisions"],
        summary="Say what each partner is worth, by mineral too, and the cheapest coalitions",
        responses=answers(
            {"coalitions": examples.PARTNERS_ANSWER}, SOLVE_ERRORS, schema="PartnersAnswer"
        ),
        openapi_extra=asks("PartnersTask", coalitions=("What China is worth", examples.PARTNERS)),
    )
    async def partners(request: Request) -> Response:
        return await desk.serve("partners", request)

    @router.post(
        "/v1/purse",
        tags=["decisions"],
        summary="Say what a fixed purse buys: the least unmet, the least reliance, the most cover",
        responses=answers({"unmet": examples.PURSE_ANSWER}, SOLVE_ERRORS, schema="PurseAnswer"),
        openapi_extra=asks("PurseTask", unmet=("The least unmet for a sum", examples.PURSE)),
    )
    async def purse(request: Request) -> Response:
        return await desk.serve("purse", request)

    @router.post(
        "/v1/instruments",
        tags=["decisions"],
        summary="Say what price floors, grants, duties, contracts and stock buy at one outlay",
        responses=answers(
            {"stock": examples.INSTRUMENTS_ANSWER}, SOLVE_ERRORS, schema="InstrumentsAnswer"
        ),
        openapi_extra=asks("InstrumentsTask", stock=("A stockpile", examples.INSTRUMENTS)),
    )
    async def instruments(request: Request) -> Response:
        return await desk.serve("instruments", request)
