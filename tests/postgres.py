"""A PostgreSQL server of the run's own, for tests of the service; skipped where there is none."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
OWNER = "postgres"


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of this run; its databases are the tests' own."""
    if not PROGRAMS:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql)")
    folder = Path("/tmp") / f"pg-{uuid.uuid4().hex[:12]}"  # a socket's path must be short
    folder.mkdir(mode=0o700)
    # it refuses to run as root
    before = ("runuser", "-u", OWNER, "--") if os.geteuid() == 0 else ()
    if before:
        shutil.chown(folder, OWNER)
    port = free_port()
    programs = PROGRAMS[-1].parent

    def run(program: str, *arguments: str) -> None:
        line = [*before, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(line, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    run("initdb", "-U", "diversify", "-A", "trust", "--no-sync")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
    try:
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        yield f"postgresql://diversify@127.0.0.1:{port}"
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture
def postgres_database(postgres: str) -> str:
    """The address of an empty PostgreSQL database."""
    name = f"d{uuid.uuid4().hex}"
    address = f"{postgres}/postgres".replace("postgresql:", "postgresql+psycopg:")
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    server.dispose()
    return f"{postgres}/{name}"
