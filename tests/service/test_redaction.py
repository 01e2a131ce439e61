from __future__ import annotations

import pytest

from service.redaction import redacted

SECRET = "A_b-" * 10 + "xyz"


@pytest.mark.parametrize(
    ("text", "without"),
    [
        (f"key dvf_0123456789ab_{SECRET} and more", "key dvf_0123456789ab_... and more"),
        (f"/v1/dvf_0123456789ab_{SECRET}/x", "/v1/dvf_0123456789ab_.../x"),
        ("postgresql://me:pass:word@db:5432/jobs", "postgresql://me:...@db:5432/jobs"),
        ("postgresql+psycopg://me:p%40ss@db is away", "postgresql+psycopg://me:...@db is away"),
        ("http://[::1]:8000/v1 at 12:30@noon", "http://[::1]:8000/v1 at 12:30@noon"),
        ("postgresql://me@db/jobs", "postgresql://me@db/jobs"),
    ],
)
def test_secrets_are_taken_out_and_nothing_else(text: str, without: str):
    assert redacted(text) == without
