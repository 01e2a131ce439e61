"""``diversify serve``: the HTTP API on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from service.cli.arguments import Data
from service.cli.edge import reported
from service.exits import Exit


@reported
def serve(
    host: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Address to listen on; 127.0.0.1 by default."),
    ] = None,
    port: Annotated[
        int | None, typer.Option(metavar="N", help="Port; 8000 by default, 0 for any free one.")
    ] = None,
    data: Data = None,
) -> Exit:
    """Serve the HTTP API and run its jobs until Ctrl-C; settings come from DIVERSIFY_* variables.

    On 127.0.0.1 nobody needs a key; beyond it everybody does (`diversify keys create`).
    """
    from service.jobs.folder import locked, open_database, require_shared
    from service.logs import announce, start_logging
    from service.people.keys import KeyStore
    from service.server import listen, require_keys, serve_on
    from service.settings import Settings, from_environment
    from service.telemetry import start_telemetry
    from service.webhooks.signing import require_secret

    settings: Settings = from_environment(host=host, port=port, data=data)
    start_logging(settings, "server")
    start_telemetry(settings, "server")
    if not settings.embedded:
        require_shared(settings, "A server that runs no jobs (DIVERSIFY_EMBEDDED)")
    require_secret(settings)
    with locked(settings) as lock:
        engine = open_database(settings)
        require_keys(settings, KeyStore(engine))
        socket = listen(settings)
        address, bound_port = socket.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        announce(
            settings,
            f"Serving on http://{shown}:{bound_port} (documentation at /docs). Ctrl-C stops.",
        )
        serve_on(settings, engine, socket, lock)
    return Exit.GOOD
