"""Webhooks to https: the name is verified although the address is pinned."""

from __future__ import annotations

import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from service.jobs.reader import JobReader
from service.webhooks.outbox import Outbox
from service.webhooks.sender import Sender
from tests.service.jobs.receiver import Receiver, ended

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

MASTER = "0123456789abcdef0123456789abcdef"


def certify(folder: Path, name: str) -> tuple[Path, Path]:
    """Return the certificate of a host, which vouches for itself, and its key."""
    certificate, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = ["openssl", "req", "-x509", "-nodes", "-newkey", "rsa:2048", "-days", "2"]
    command += ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    command += ["-out", str(certificate), "-keyout", str(key)]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def outcome(engine: Engine, receiver: Receiver) -> str | None:
    """Return what came of one attempt to tell a receiver at localhost."""
    job = ended(engine, f"https://localhost:{receiver.port}/done")
    outbox = Outbox(engine, most_attempts=5, first_pause=5)
    Sender(outbox, JobReader(engine), ("localhost", "127.0.0.1", "::1"), MASTER).send_due()
    found = outbox.get(job)
    assert found is not None
    return found.outcome


@pytest.mark.parametrize(
    ("name", "trusted", "said"),
    [
        ("localhost", True, "204"),
        ("localhost", False, "it said ConnectError"),
        # trusted, but another host's
        ("hooks.example", True, "it said ConnectError"),
    ],
    ids=["trusted", "unknown", "of-another-host"],
)
def test_receiver_is_told_only_if_its_certificate_is_trusted_and_its_own(
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    trusted: bool,
    said: str,
):
    certificate, key = certify(tmp_path, name)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    receiver = Receiver(context)
    try:
        assert outcome(engine, receiver) == said
        assert len(receiver.taken) == (said == "204")
    finally:
        receiver.close()
