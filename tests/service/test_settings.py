from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from instances import InputError
from service.server import listen
from service.settings import Settings, from_environment

if TYPE_CHECKING:
    from pathlib import Path


def test_flag_wins_over_environment_and_environment_over_default():
    environment = {"DIVERSIFY_PORT": "9001", "DIVERSIFY_RUNNING": "3", "OTHER_PORT": "1"}
    settings = from_environment(environment, host=None, port=9002)
    assert (settings.port, settings.running) == (9002, 3)
    assert settings.host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DIVERSIFY_BODY_BYTES", "many", "a whole number"),
        ("DIVERSIFY_PORT", "70000", "at most 65535"),
        ("DIVERSIFY_WALL_SECONDS", "nan", "a number, more than 0"),
        ("DIVERSIFY_LOG_FORMAT", "xml", "must be text or json"),
        ("DIVERSIFY_LOG_LEVEL", "debug", "must be info, warning or error"),
        ("DIVERSIFY_BODY_BITES", "1", "DIVERSIFY_BODY_BYTES"),
    ],
)
def test_wrong_setting_is_a_finding(name: str, value: str, said: str):
    with pytest.raises(InputError) as error:
        from_environment({name: value})
    assert error.value.findings[0].where == name
    assert said in str(error.value)


def test_wrong_flag_is_named_as_a_flag():
    with pytest.raises(InputError, match="--port"):
        from_environment({}, port=-1)


def test_only_names_of_this_machine_are_answered_on_loopback():
    assert "localhost" in Settings().names
    assert Settings(host="127.0.0.2").names[-1] == "127.0.0.2"
    assert Settings(host="0.0.0.0").names == ()
    given = from_environment({"DIVERSIFY_ALLOWED_HOSTS": "plans.example, localhost"})
    assert given.names == ("plans.example", "localhost")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "plans.example"])
def test_keys_are_asked_for_where_others_can_come_from(host: str):
    assert Settings(host=host).keyed
    # a proxy in front that passes the name on
    assert Settings(allowed_hosts=("localhost", "plans.example")).keyed
    assert Settings(ask_keys=True).keyed
    assert not Settings(allowed_hosts=("localhost", "127.0.0.1")).keyed


def test_taken_port_is_a_finding():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(InputError, match="in use"):
            listen(Settings(port=port))


def test_host_that_is_not_there_is_a_finding():
    with pytest.raises(InputError, match="cannot be listened on"):
        listen(Settings(host="192.0.2.1", port=0))


def test_limits_of_a_job_are_its_own():
    given = {"DIVERSIFY_SOLVE_SECONDS": "5", "DIVERSIFY_JOB_SOLVE_SECONDS": "50"}
    settings = from_environment(given)
    assert (settings.solve_seconds, settings.for_jobs.solve_seconds) == (5, 50)
    assert settings.for_jobs.memory_bytes == settings.memory_bytes


def test_jobs_stand_in_the_users_data_or_where_it_is_said(tmp_path: Path):
    assert Settings().folder.name == "diversify"
    assert from_environment({"DIVERSIFY_DATA": str(tmp_path)}).folder == tmp_path


def test_wrong_address_of_the_database_is_not_told_again():
    with pytest.raises(InputError) as error:
        from_environment({"DIVERSIFY_DATABASE": "mysql://me:secret@localhost/jobs"})
    assert "must be text, such as postgresql://user@host/name" in str(error.value)
    assert "secret" not in str(error.value)
