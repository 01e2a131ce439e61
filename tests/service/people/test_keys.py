from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from service.jobs.database import FILE, connect, url_of
from service.people.callers import Scope
from service.people.keys import KeyStore, WrongKeyError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Run = Any


@pytest.fixture
def keys(place: Callable[..., Any]) -> KeyStore:
    return place().keys


def test_key_is_its_tenants_with_the_scopes_that_were_given(keys: KeyStore):
    key, text = keys.create("acme", [Scope.READ], label="a script")
    caller = keys.caller(text)
    assert (caller.tenant, caller.scopes, caller.key) == ("acme", {Scope.READ}, key.prefix)


def test_secret_is_not_kept(keys: KeyStore, tmp_path: Path):
    _, text = keys.create("acme", [Scope.READ])
    secret = text.split("_", 2)[2]
    assert len(secret) == 43  # 32 bytes are 43 letters of six bits
    for file in tmp_path.glob(f"{FILE}*"):
        assert secret.encode() not in file.read_bytes()


def test_key_that_is_nobodys_is_refused(keys: KeyStore):
    _, text = keys.create("acme", [Scope.READ])
    _, other = keys.create("other", [Scope.READ])
    mixed = other[:17] + text[17:]
    for wrong in (
        "",
        "x",
        text[:-1],
        text + "A",
        text.upper(),
        mixed,
        f"{text[:-1]}%",
        text * 500,
    ):
        with pytest.raises(WrongKeyError, match="no key of this service"):
            keys.caller(wrong)


def test_key_counts_until_it_expires_or_is_revoked(keys: KeyStore):
    _, lasting = keys.create("acme", [Scope.READ], expires=time.time() + 60)
    _, over = keys.create("acme", [Scope.READ], expires=time.time() - 1)
    revoked, text = keys.create("acme", [Scope.READ])
    assert keys.caller(lasting).tenant == keys.caller(text).tenant == "acme"
    assert keys.revoke(revoked.prefix)
    assert not keys.revoke(revoked.prefix)
    with pytest.raises(WrongKeyError, match="is expired"):
        keys.caller(over)
    with pytest.raises(WrongKeyError, match="is revoked"):
        keys.caller(text)


def test_last_use_is_noted(keys: KeyStore):
    _, text = keys.create("acme", [Scope.READ])
    assert keys.listed()[0].used is None
    keys.caller(text)
    assert keys.listed()[0].used == pytest.approx(time.time(), abs=60)


def test_only_keys_that_count_open_the_server(keys: KeyStore):
    assert not keys.any()
    keys.create("acme", [Scope.READ], expires=time.time() - 1)
    key, _ = keys.create("acme", [Scope.READ])
    assert keys.any()
    keys.revoke(key.prefix)
    assert not keys.any()


def test_command_line_shows_a_key_once(diversify: Run, tmp_path: Path):
    data = ("--data", tmp_path)
    made = diversify("keys", "create", "--tenant", "acme", "--scope", "read", *data)
    text = made.stdout.strip()
    store = KeyStore(connect(url_of(tmp_path)))
    assert store.caller(text).scopes == {Scope.READ}
    prefix = text.split("_")[1]
    listed = diversify("keys", "list", *data).stdout
    assert prefix in listed
    assert "acme" in listed
    assert text not in listed
    assert diversify("keys", "revoke", text, *data).returncode == 0
    assert "revoked" in diversify("keys", "list", *data).stdout
    again = diversify("keys", "revoke", text, *data)
    assert again.returncode == 2
    assert text not in again.stdout + again.stderr
    store.engine.dispose()


def test_wish_that_does_not_fit_is_refused_at_once(diversify: Run, tmp_path: Path):
    wrong = ("--tenant", "../x", "--scope", "all", "--days", "-1", "--data", tmp_path)
    run = diversify("keys", "create", *wrong)
    assert run.returncode == 2
    for said in ("--tenant", "--scope: must be read, run or admin", "--days"):
        assert said in run.stderr


def test_migrate_is_one_command(diversify: Run, tmp_path: Path):
    for _ in range(2):
        run = diversify("migrate", "--data", tmp_path / "data")
        assert run.returncode == 0
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
