"""``diversify migrate``: the database of the server, brought to this version of the program."""

from __future__ import annotations

from service.cli.arguments import Data
from service.cli.edge import reported
from service.cli.streams import say
from service.exits import Exit


@reported
def migrate(data: Data = None) -> Exit:
    """Bring the database of jobs and keys to this version of the program.

    A server does so when it starts; run this first where several start. Nothing is done to a
    database that is at this version.
    """
    from service.jobs.database import version
    from service.jobs.folder import open_database
    from service.settings import from_environment

    engine = open_database(from_environment(data=data))
    say(f"The database is at version {version(engine)}: {engine.url.render_as_string()}")
    return Exit.GOOD
