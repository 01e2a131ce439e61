"""Start-up times with the share of each library, and peak memory, each in a fresh process."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import time
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Any

from instances.generate.large import SIZES, large_data
from instances.parse import parse
from models.build import build
from optimizer.compile import compile_frame
from tests.benchmarks.conftest import has
from tests.benchmarks.report import verdict

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 3
COMMANDS = {
    "`python -c pass`": ["-c", "pass"],
    "`import optimizer`": ["-c", "import optimizer"],
    "`diversify --help`": ["-m", "service.cli", "--help"],
    "`diversify check rare-earths-usa`": ["-m", "service.cli", "check", "rare-earths-usa"],
    "`diversify solve gallium-usa`": ["-m", "service.cli", "solve", "gallium-usa"],
}
IMPORT = ("-X", "importtime", "-c", "import optimizer")
SHOWN = 8
NOT_YET = ("pandas", "distributed", "dask", "matplotlib", "pyomo", "scipy", "fastapi", "SALib")
OURS = {"instances", "models", "optimizer", "service"}
HOW = {
    "ours": ("data", "compile_frame(build(parse(given)))"),
    "linopy, summing": ("arrays", "rivals.linopy_sums(*given)"),
    "linopy, handed arrays": ("arrays", "rivals.linopy_arrays(*given)"),
    "PyOptInterface": ("arrays", "rivals.pyoptinterface_model(*given)"),
}
"""What each is given, and what it does with it."""
# The kernel's high-water mark is that of this process alone (a child's `ru_maxrss` starts at its
# parent's) and is set back after the input is there, so that nobody pays for what it was handed.
PEAK = """
import os, pickle, sys
from pathlib import Path
sys.path.append(os.environ.get("RIVALS", ""))
from instances.parse import parse
from models.build import build
from optimizer.compile import compile_frame
if {rival}:
    from tests.benchmarks import rivals
def held(what):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1024
with open(sys.argv[1], "rb") as file:
    given = pickle.load(file)
Path("/proc/self/clear_refs").write_text("5")
before = held("VmRSS:")
model = {work}
print(held("VmHWM:") - before)
"""


def _python(*given: str, bytecode: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = dict(os.environ)
    if bytecode is not None:
        # as installed: modules are compiled once, even where the tests may write no bytecode
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        env["PYTHONPYCACHEPREFIX"] = str(bytecode)
    command = [sys.executable, *given]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=env)


def _spent() -> float:
    times = os.times()
    return times.children_user + times.children_system


def test_start(benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    seconds: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def turn() -> None:
        for name, given in COMMANDS.items():
            before, start = _spent(), time.perf_counter()
            _python(*given, bytecode=tmp_path)
            seconds[name].append((_spent() - before, time.perf_counter() - start))

    turn()  # compiles the modules
    seconds.clear()
    benchmark.pedantic(turn, rounds=ROUNDS)
    said["start"] = []
    for name, some in seconds.items():
        cpu, wall = (median(column) for column in zip(*some, strict=True))
        said["start"].append(f"| {name} | {cpu:.2f} | {wall:.2f} |")


def test_shares(benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    """What `import optimizer` spends in each library; heavy ones wait until they are used."""
    shares: dict[str, list[float]] = defaultdict(list)

    def turn() -> None:
        own: dict[str, float] = defaultdict(float)
        lines = _python(*IMPORT, bytecode=tmp_path).stderr.splitlines()
        for line in lines[1:]:
            spent, _, name = line.removeprefix("import time:").split("|")
            top = name.strip().partition(".")[0]
            own[f"ours, `{top}`" if top in OURS else top] += int(spent) / 1e6
        for name, some in own.items():
            shares[name].append(some)

    turn()  # compiles the modules
    shares.clear()
    benchmark.pedantic(turn, rounds=ROUNDS)
    assert not [name for name in NOT_YET if name in shares]
    middle = {name: median(some) for name, some in shares.items()}
    whole = sum(middle.values())
    most = sorted(middle.items(), key=lambda item: -item[1])[:SHOWN]
    rest = whole - sum(spent for _, spent in most)
    said["shares"] = [
        f"| {name} | {spent:.3f} | {spent / whole:.0%} |"
        for name, spent in (*most, ("all others", rest))
    ]


def test_memory(size: str, benchmark: Any, said: dict[str, list[str]], tmp_path: Path) -> None:
    """What a process that does nothing else comes to hold at its peak, above its input."""
    from tests.benchmarks.rivals import by_row

    data = large_data(*SIZES[size])
    matrices = compile_frame(build(parse(data)))
    for name, some in (("data", data), ("arrays", (matrices, by_row(matrices)))):
        (tmp_path / name).write_bytes(pickle.dumps(some))
    found: dict[str, float] = {}
    modules = {"linopy": "linopy", "PyOptInterface": "pyoptinterface"}

    def turn() -> None:
        for name, (given, work) in HOW.items():
            rival = modules.get(name.partition(",")[0])
            if rival is None or has(rival):
                text = PEAK.format(rival=rival is not None, work=work)
                found[name] = float(_python("-c", text, str(tmp_path / given)).stdout.split()[-1])

    assert "RIVALS" in os.environ or not has("linopy")
    benchmark.pedantic(turn, rounds=1)
    cells = " | ".join(f"{found[name]:.0f}" if name in found else "" for name in HOW)
    said.setdefault("memory", []).append(f"| {len(matrices.cost):,} columns | {cells} |")
    if "linopy, summing" in found:
        ratio = found["ours"] / found["linopy, summing"]
        verdict(
            said, f"memory, {len(matrices.cost):,} columns: ours / linopy, summing", ratio, 1.0
        )
