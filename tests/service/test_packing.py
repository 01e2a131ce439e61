from __future__ import annotations

import asyncio
import gzip
import zlib
from typing import Any

import pytest
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.testclient import TestClient

from service.packing import LARGE, LEAST, Packing, takes_gzip

TEXT = "tonnes of gallium, " * 100


def answered(response: Response, accepted: str = "gzip") -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await response(scope, receive, send)

    return TestClient(Packing(app)).get("/", headers={"accept-encoding": accepted})


def test_an_answer_is_packed_for_those_who_take_it() -> None:
    packed, plain = answered(PlainTextResponse(TEXT)), answered(PlainTextResponse(TEXT), "br")
    assert packed.text == plain.text == TEXT
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-length" not in packed.headers
    assert "content-encoding" not in plain.headers
    assert plain.headers["content-length"] == str(len(TEXT))
    # a cache between keeps both apart
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"


def test_a_large_answer_is_whole() -> None:
    rows = [{"node": str(i), "bought_t": i / 7} for i in range(LARGE // 20)]
    assert answered(JSONResponse(rows)).json() == rows


def test_a_tag_of_the_plain_bytes_is_weak_on_packed_ones() -> None:
    for tag, told in (('"a"', 'W/"a"'), ('W/"a"', 'W/"a"')):
        response = PlainTextResponse(TEXT, headers={"etag": tag, "vary": "Accept"})
        packed = answered(response)
        assert packed.headers["etag"] == told
        assert packed.headers["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize(
    "response",
    [
        PlainTextResponse("x" * (LEAST - 1)),
        Response(TEXT, media_type="image/png"),
        Response(TEXT, 206, media_type="text/plain"),
        Response(gzip.compress(TEXT.encode()), 200, {"content-encoding": "gzip"}, "text/plain"),
        Response(status_code=304),
    ],
)
def test_what_gains_nothing_is_left_as_it_is(response: Response) -> None:
    body = bytes(response.body)
    found = answered(response)
    assert found.headers.get("content-encoding") == response.headers.get("content-encoding")
    assert "vary" not in found.headers
    assert found.content in (body, TEXT.encode())


def test_what_comes_in_pieces_is_packed_piece_by_piece() -> None:
    async def pieces() -> Any:
        for number in range(5):
            yield f"{number},{'7' * 500}\n"

    found = answered(StreamingResponse(pieces(), media_type="text/csv"))
    assert found.headers["content-encoding"] == "gzip"
    assert found.text == "".join(f"{number},{'7' * 500}\n" for number in range(5))


def test_an_event_goes_out_when_it_comes() -> None:
    sent: list[Any] = []

    async def events() -> Any:
        for number in range(3):
            # the one before is out already, as it was written
            assert [message.get("body", b"") for message in sent[1:]] == [
                f"data: {before}\n\n".encode() for before in range(number)
            ]
            yield f"data: {number}\n\n".encode()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        response = StreamingResponse(events(), media_type="text/event-stream")
        await response(scope, receive, send)

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()

    scope = {"type": "http", "method": "GET", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Packing(app)(scope, receive, send))
    assert b"content-encoding" not in dict(sent[0]["headers"])
    assert len(sent) == 5


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("*", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("gzip;q=much", False),
        ("notgzip", False),
    ],
)
def test_a_weight_of_nought_takes_nothing(header: str, taken: bool) -> None:
    assert takes_gzip(header) is taken


def test_packed_bytes_are_gzip_to_any_program() -> None:
    messages: list[Any] = []

    async def send(message: Any) -> None:
        messages.append(message)

    async def receive() -> Any:
        return {"type": "http.disconnect"}

    scope = {"type": "http", "method": "GET", "headers": [(b"accept-encoding", b"gzip")]}
    asyncio.run(Packing(PlainTextResponse(TEXT))(scope, receive, send))
    assert zlib.decompress(messages[1]["body"], 16 + zlib.MAX_WBITS) == TEXT.encode()
