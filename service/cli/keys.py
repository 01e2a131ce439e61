"""``diversify keys``: who may use the server from other machines."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from service.cli.arguments import AsJson, Data
from service.cli.edge import reported
from service.cli.streams import say, say_json, tell
from service.exits import Exit

if TYPE_CHECKING:
    from service.people.keys import Key, KeyStore

app = typer.Typer(help="Keys of the HTTP API: make, list and revoke them.", no_args_is_help=True)
DAY_SECONDS = 86_400


@app.command("create")
@reported
def create(
    tenant: Annotated[
        str, typer.Option(metavar="NAME", help="Whose key it is; a tenant sees its own jobs only.")
    ],
    scope: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCOPE",
            help="What it permits, as often as given: read, run, admin. By default read and run.",
        ),
    ] = None,
    days: Annotated[
        float, typer.Option(metavar="N", help="How long it counts; 0 for ever. 90 by default.")
    ] = 90,
    label: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Who or what it is for.")
    ] = None,
    as_json: AsJson = False,
    data: Data = None,
) -> Exit:
    """Make a key and show it: this once, since only its hash is kept."""
    from service.people.wish import read_wish

    wish = read_wish(tenant, scope, days, label)
    expires = None if wish.days == 0 else time.time() + wish.days * DAY_SECONDS
    key, text = _store(data).create(wish.tenant, wish.scope, expires=expires, label=wish.label)
    if as_json:
        say_json({"key": text, **_plain(key)})
        return Exit.GOOD
    until = "for ever" if key.expires is None else f"until {_day(key.expires)}"
    tell(f"Key {key.prefix} of {key.tenant} counts {until}. It is not shown again:")
    say(text)
    return Exit.GOOD


@app.command("list")
@reported
def list_keys(as_json: AsJson = False, data: Data = None) -> Exit:
    """List every key, without its secret."""
    keys = _store(data).listed()
    if as_json:
        say_json([_plain(key) for key in keys])
        return Exit.GOOD
    now = time.time()
    say(f"{'key':<13} {'tenant':<16} {'scopes':<15} {'expires':<11} {'used':<11} state    label")
    for key in keys:
        scopes = " ".join(sorted(key.scopes))
        expires = "never" if key.expires is None else _day(key.expires)
        used = "never" if key.used is None else _day(key.used)
        say(
            f"{key.prefix:<13} {key.tenant:<16} {scopes:<15} {expires:<11} {used:<11} "
            f"{key.over(now) or 'good':<8} {key.label or ''}".rstrip()
        )
    return Exit.GOOD


@app.command("revoke")
@reported
def revoke(
    prefix: Annotated[
        str, typer.Argument(metavar="KEY", help="Its first twelve digits, as listed.")
    ],
    data: Data = None,
) -> Exit:
    """End a key at once and for good."""
    from instances.errors import Finding, InputError, nearest_name
    from service.people.keys import KEY

    store = _store(data)
    # a whole key is good to revoke, but its secret is not told again
    whole = KEY.fullmatch(prefix)
    prefix = whole[1] if whole else prefix[:16]
    if not store.revoke(prefix):
        going = [key.prefix for key in store.listed() if key.revoked is None]
        what = "is no key that could be revoked"
        remedy = "See `diversify keys list`."
        nearest = nearest_name(prefix, going)
        raise InputError([Finding("KEY", what, prefix, nearest=nearest, remedy=remedy)])
    tell(f"Key {prefix} is revoked.")
    return Exit.GOOD


@app.command("webhook")
@reported
def webhook_secret(
    tenant: Annotated[str, typer.Option(metavar="NAME", help="Whose it is.")],
) -> Exit:
    """Print the secret by which a tenant knows the webhooks of its jobs.

    It follows from DIVERSIFY_WEBHOOK_SECRET of the server and the name of the tenant.
    """
    from instances.errors import Finding, InputError
    from service.people.wish import read_wish
    from service.settings import from_environment
    from service.webhooks.signing import secret_of

    name = read_wish(tenant, None, 0, None).tenant
    master = from_environment().webhook_secret
    if master is None:
        what = "is not set: the server signs nothing"
        raise InputError([Finding("DIVERSIFY_WEBHOOK_SECRET", what)])
    say(secret_of(name, master))
    return Exit.GOOD


def _store(data: Path | None) -> KeyStore:
    from service.jobs.folder import open_database
    from service.people.keys import KeyStore
    from service.settings import from_environment

    return KeyStore(open_database(from_environment(data=data)))


def _plain(key: Key) -> dict[str, object]:
    return {
        "prefix": key.prefix,
        "tenant": key.tenant,
        "scopes": sorted(key.scopes),
        "label": key.label,
        **{
            name: None if seconds is None else _time(seconds)
            for name, seconds in (
                ("created", key.created),
                ("expires", key.expires),
                ("revoked", key.revoked),
                ("used", key.used),
            )
        },
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(seconds: float) -> str:
    return _time(seconds)[:10]
