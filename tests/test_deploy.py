"""The files in `deploy/` as far as they can be checked where no container runs."""

from __future__ import annotations

import importlib.metadata
import re
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from service.cli.app import app
from service.settings import PREFIX, Settings, from_environment

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "deploy"
FILES = sorted(path for path in FOLDER.iterdir() if path.is_file())
COMPOSE = yaml.safe_load((FOLDER / "compose.yaml").read_text())
CONTAINERFILE = (FOLDER / "Containerfile").read_text()
ITEMS = yaml.safe_load((FOLDER / "kubernetes.yaml").read_text())["items"]
PLAIN_IMAGE = re.compile(r"[a-z0-9-]+:[a-z0-9.-]+")
PORT = Settings.model_fields["port"].default
UNITS = {"m": 2**20, "g": 2**30, "Mi": 2**20, "Gi": 2**30, "MiB": 2**20, "GiB": 2**30}
PARTS = ("server", "worker", "scheduler", "cluster", "migrate")


def named(kind: str) -> dict[str, Any]:
    return {item["metadata"]["name"]: item for item in ITEMS if item["kind"] == kind}


def pods() -> dict[str, Any]:
    """Return the pod of each Deployment and Job."""
    found = named("Deployment") | named("Job")
    return {name: item["spec"]["template"]["spec"] for name, item in found.items()}


def container(name: str) -> dict[str, Any]:
    (found,) = pods()[name]["containers"]
    return found


def lines(place: str) -> dict[str, list[str]]:
    """Return what each part runs, by name."""
    if place == "compose":
        ours = {name: part for name, part in COMPOSE["services"].items() if name != "database"}
        return {
            name: [*part.get("entrypoint", ["diversify"]), *part["command"]]
            for name, part in ours.items()
        }
    return {
        name: [*container(name).get("command", ["diversify"]), *container(name)["args"]]
        for name in pods()
    }


def variables(place: str) -> dict[str, dict[str, str]]:
    """Return the variables of each part, with a stand-in for what is secret."""
    if place == "compose":
        return {
            name: {
                key: re.sub(r"\$\{.*?\}", "secret", value)
                for key, value in COMPOSE["services"][name]["environment"].items()
            }
            for name in PARTS
        }
    found = {}
    for name in pods():
        given = container(name)
        found[name] = {
            key: value
            for source in given["envFrom"]
            for key, value in named("ConfigMap")[source["configMapRef"]["name"]]["data"].items()
        } | {one["name"]: "postgresql://u:secret@host/name" for one in given["env"]}
    return found


def size(text: str) -> float:
    number, unit = re.fullmatch(r"([0-9.]+)([A-Za-z]+)", text).groups()  # type: ignore[union-attr]
    return float(number) * UNITS[unit]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_says_what_it_is_and_names_no_place_of_ours(path: Path):
    words = " ".join(path.read_text().replace("#", " ").split())
    assert "This file has not been run: the machine that wrote it" in words
    assert not re.search(r"(?<![\w.])/(work|root|home)/", words)
    assert not re.search(r"https?://", words)


@pytest.mark.parametrize("place", ["compose", "kubernetes"])
def test_every_variable_is_a_setting_and_has_a_value_that_fits(place: str):
    for name, given in variables(place).items():
        assert all(key.startswith(PREFIX) for key in given), name
        settings = from_environment(given)
        assert settings.database is not None
        assert not settings.embedded
    in_image = re.findall(r"DIVERSIFY_(\w+)", CONTAINERFILE)
    assert in_image == ["DATA"]


@pytest.mark.parametrize("place", ["compose", "kubernetes"])
def test_every_command_is_one_of_ours_or_dasks(place: str):
    ours = typer.main.get_command(app)
    (dask,) = importlib.metadata.entry_points(group="console_scripts", name="dask")
    plugins = {one.name: one for one in importlib.metadata.entry_points(group="dask_cli")}
    assert dask.dist is not None
    found = lines(place)
    assert sorted(found) == sorted(PARTS)
    for program, verb, *arguments in found.values():
        if program == "diversify":
            command = ours.commands[verb]  # type: ignore[attr-defined]
        else:
            assert program == "dask"
            command = plugins[verb].load()
        # options and values are read, nothing is run
        command.make_context(verb, list(arguments))


def test_ports_agree():
    compose, pod = COMPOSE["services"], container("server")
    assert f"\nEXPOSE {PORT}\n" in CONTAINERFILE
    (published,) = compose["server"]["ports"]
    low, high = map(int, re.fullmatch(rf"127\.0\.0\.1:(\d+)-(\d+):{PORT}", published).groups())  # type: ignore[union-attr]
    assert high - low + 1 == compose["server"]["deploy"]["replicas"]
    assert pod["ports"] == [{"containerPort": PORT}]
    for probe in ("readinessProbe", "livenessProbe"):
        assert pod[probe]["httpGet"]["port"] == PORT
    assert named("Service")["server"]["spec"]["ports"][0]["targetPort"] == PORT
    for place in ("compose", "kubernetes"):
        _, _, *arguments = lines(place)["scheduler"]
        port = arguments[arguments.index("--port") + 1]
        address = f"tcp://scheduler:{port}"
        assert address in lines(place)["cluster"]
        assert {given["DIVERSIFY_CLUSTER"] for given in variables(place).values()} == {address}
    (port_of_service,) = named("Service")["scheduler"]["spec"]["ports"]
    assert port_of_service == {"port": int(port), "targetPort": int(port)}
    assert "--port" not in lines("compose")["server"]


def test_image_holds_only_what_the_lock_pins():
    code = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", CONTAINERFILE, flags=re.MULTILINE))
    installs = re.findall(r"(?:pip|apt-get|curl|wget)\s[^&\n]*", code)
    assert len(installs) == 3
    for line in installs:
        words = line.split()
        if "--require-hashes" in words:
            lock = ROOT / words[words.index("-r") + 1]
            pinned = re.findall(r"^([\w.-]+)(?:\[.*\])?==", lock.read_text(), re.MULTILINE)
            hashes = lock.read_text().count("--hash=sha256:")
            assert pinned
            assert hashes >= len(pinned)
        else:
            assert {"--no-index", "--no-deps"} <= set(words)
    cluster = (ROOT / "requirements" / "cluster.txt").read_text()
    lock = (ROOT / "requirements" / "lock.txt").read_text()
    for name in ("distributed", "dbos", "psycopg", "highspy"):
        (version,) = re.findall(rf"^{name}(?:\[.*\])?==(\S+)", cluster, re.MULTILINE)
        assert re.search(rf"^{name}==({re.escape(version)})\s", lock, re.MULTILINE)
    ignored = (ROOT / ".containerignore").read_text()
    for source in re.findall(r"^COPY (?!--from)(.*) \S+$", code, re.MULTILINE):
        for part in source.split():
            assert (ROOT / part).exists()
            assert f"!{part}\n" in ignored
    assert "USER 10001" in code


def test_images_have_plain_names():
    images = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    images += [part["image"] for part in COMPOSE["services"].values()]
    images += [container(name)["image"] for name in pods()]
    assert images
    for image in images:
        assert PLAIN_IMAGE.fullmatch(image), image
    version = importlib.metadata.version("supply-diversification")
    assert {image for image in images if image.startswith("diversify")} == {f"diversify:{version}"}


def test_what_is_referred_to_is_there():
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    for name, part in services.items():
        assert set(part.get("depends_on", ())) <= set(services), name
        assert set(part["networks"]) <= set(COMPOSE["networks"]), name
        for mount in part.get("volumes", ()):
            assert mount == "/data" or mount.partition(":")[0] in volumes, name
    for name, item in named("Deployment").items():
        labels = item["spec"]["template"]["metadata"]["labels"]
        assert item["spec"]["selector"]["matchLabels"] == labels == {"app": name}
    for name, item in (named("Service") | named("NetworkPolicy")).items():
        chosen = item["spec"].get("selector") or item["spec"]["podSelector"]["matchLabels"]
        assert chosen == {"app": name}
    for name, pod in pods().items():
        mounted = {mount["name"] for mount in container(name)["volumeMounts"]}
        assert mounted == {volume["name"] for volume in pod["volumes"]}
        # else Kubernetes sets DIVERSIFY_... variables of its own for a service of that name
        assert pod["enableServiceLinks"] is False


def test_jobs_fit_into_the_memory_of_their_containers():
    for name in ("server", "worker"):
        of_compose = COMPOSE["services"][name]["deploy"]["resources"]["limits"]["memory"]
        of_pod = container(name)["resources"]["limits"]["memory"]
        settings = from_environment(variables("kubernetes")[name])
        assert settings == from_environment(
            variables("compose")[name] | {"DIVERSIFY_DATABASE": settings.database or ""}
        )
        for limit in (of_compose, of_pod):
            assert max(settings.jobs, settings.running) * settings.memory_bytes < size(limit)
    for place, limit in (
        ("compose", COMPOSE["services"]["cluster"]["deploy"]["resources"]["limits"]["memory"]),
        ("kubernetes", container("cluster")["resources"]["limits"]["memory"]),
    ):
        words = lines(place)["cluster"]
        number = int(words[words.index("--nworkers") + 1])
        assert number * size(words[words.index("--memory-limit") + 1]) < size(limit)


def test_worker_has_time_to_hand_its_jobs_back():
    assert COMPOSE["services"]["worker"]["stop_grace_period"] == "30s"
    assert pods()["worker"]["terminationGracePeriodSeconds"] == 30
