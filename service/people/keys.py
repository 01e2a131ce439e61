"""API keys: shown once, kept as a hash, found by their public part.

A key is ``dvf_PREFIX_SECRET``: twelve hexadecimal digits that may be told, and 256 random bits
that may not. Of so many bits a plain SHA-256 keeps the secret; slow hashes are for what people
think up.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, func, insert, or_, select, update

from service.jobs.database import reading, writing
from service.people.callers import Caller, Scope
from service.people.tables import KEYS

KEY = re.compile(r"dvf_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")
"""What a key looks like, wherever it stands."""
USED_SECONDS = 3600
"""How old the note of a key's last use may be before it is written again."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret; times are seconds since 1970 (UTC), ``None`` for never."""

    prefix: str
    tenant: str
    scopes: frozenset[Scope]
    label: str | None
    created: float
    expires: float | None
    revoked: float | None
    used: float | None

    def over(self, now: float) -> str | None:
        """Return why the key no longer counts, in one word; ``None`` while it does."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= now else None


class WrongKeyError(Exception):
    """A key that does not count; the message says why, as far as its sender may know."""


class KeyStore:
    """Makes, finds and revokes keys.

    Parameters
    ----------
    engine
        The database, of which the tables are there.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def create(
        self,
        tenant: str,
        scopes: Collection[Scope],
        *,
        expires: float | None = None,
        label: str | None = None,
    ) -> tuple[Key, str]:
        """Return a key of a tenant, and its text, which nothing can tell again."""
        prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
        text = f"dvf_{prefix}_{secret}"
        key = Key(prefix, tenant, frozenset(scopes), label, time.time(), expires, None, None)
        with writing(self.engine) as connection:
            connection.execute(
                insert(KEYS).values(
                    prefix=prefix,
                    hash=_hash(text),
                    tenant=tenant,
                    scopes=" ".join(sorted(key.scopes)),
                    label=label,
                    created=key.created,
                    expires=expires,
                )
            )
        return key, text

    def caller(self, text: str) -> Caller:
        """Return whose key a text is.

        Raises
        ------
        WrongKeyError
            It is nobody's, or its time is over.
        """
        found = KEY.fullmatch(text)
        if found is None:
            raise WrongKeyError("It is no key of this service.")
        with reading(self.engine) as connection:
            wanted = select(KEYS).where(KEYS.c.prefix == found[1])
            row = connection.execute(wanted).mappings().one_or_none()
        if row is None or not hmac.compare_digest(row["hash"], _hash(text)):
            raise WrongKeyError("It is no key of this service.")
        key = _key(row)
        now = time.time()
        over = key.over(now)
        if over is not None:
            raise WrongKeyError(f"The key is {over}.")
        if key.used is None or now - key.used > USED_SECONDS:
            with writing(self.engine) as connection:
                mine = KEYS.c.prefix == key.prefix
                connection.execute(update(KEYS).where(mine).values(used=now))
        return Caller(key.tenant, key.scopes, key.prefix)

    def listed(self) -> list[Key]:
        """Return every key, by tenant, the newest last."""
        query = select(KEYS).order_by(KEYS.c.tenant, KEYS.c.created)
        with reading(self.engine) as connection:
            return [_key(row) for row in connection.execute(query).mappings()]

    def revoke(self, prefix: str) -> bool:
        """End a key for good; whether there was one that had not ended so."""
        with writing(self.engine) as connection:
            going = (KEYS.c.prefix == prefix) & KEYS.c.revoked.is_(None)
            changed = connection.execute(update(KEYS).where(going).values(revoked=time.time()))
            return bool(changed.rowcount)

    def any(self) -> bool:
        """Return whether anybody holds a key that counts."""
        lasting = or_(KEYS.c.expires.is_(None), KEYS.c.expires > time.time())
        query = select(func.count()).where(KEYS.c.revoked.is_(None), lasting)
        with reading(self.engine) as connection:
            return bool(connection.execute(query).scalar_one())


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _key(row: RowMapping) -> Key:
    fields = {name: value for name, value in row.items() if name != "hash"}
    return Key(**{**fields, "scopes": frozenset(map(Scope, row["scopes"].split()))})
