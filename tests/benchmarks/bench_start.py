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
SHOWN = 8
NOT_YET = ("pandas", "distributed", "dask", "matplotlib", "pyomo", "scipy", "fastapi", "SALib")
OURS = {"instances", "models", "optimizer", "service"}
HOW = {
    "ours": "from instances.generate.large import SIZES, large_data\n"
    "from instances.parse import parse\nfrom models.build import build\n"
    "from optimizer.compile import compile_frame\n"
    "matrices = compile_frame(build(parse(large_data(*SIZES[size]))))\n",
    "linopy, summing": "model = rivals.linopy_sums(*given())\n",
    "linopy, handed arrays": "model = rivals.linopy_arrays(*given())\n",
    "PyOptInterface": "model = rivals.pyoptinterface_model(*given())\n",
}
HEAD = """
import os, pickle, resource, sys
from pathlib import Path
sys.path.append(os.environ.get("RIVALS", ""))
size, file = sys.argv[1:]
def given():
    return pickle.loads(Path(file).read_bytes())
"""
TAIL = "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"


def _python(*given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *given], check=True, capture_output=True, text=True)


def test_start(benchmark: Any, said: dict[str, list[str]]) -> None:
    seconds: dict[str, list[float]] = defaultdict(list)

    def turn() -> None:
        for name, given in COMMANDS.items():
            start = time.perf_counter()
            _python(*given)
            seconds[name].append(time.perf_counter() - start)

    benchmark.pedantic(turn, rounds=ROUNDS, warmup_rounds=1)
    said["start"] = [f"| {name} | {median(some):.2f} |" for name, some in seconds.items()]


def test_shares(benchmark: Any, said: dict[str, list[str]]) -> None:
    """What `import optimizer` spends in each library; heavy ones wait until they are used."""
    shares: dict[str, list[float]] = defaultdict(list)

    def turn() -> None:
        own: dict[str, float] = defaultdict(float)
        lines = _python("-X", "importtime", "-c", "import optimizer").stderr.splitlines()
        for line in lines[1:]:
            spent, _, name = line.removeprefix("import time:").split("|")
            top = name.strip().partition(".")[0]
            own["ours" if top in OURS else top] += int(spent) / 1e6
        for name, some in own.items():
            shares[name].append(some)

    benchmark.pedantic(turn, rounds=ROUNDS, warmup_rounds=1)
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
    """Peak memory of a process that does nothing else: imports, input and model."""
    from tests.benchmarks.rivals import by_row

    matrices = compile_frame(build(parse(large_data(*SIZES[size]))))
    file = tmp_path / "given.pickle"
    file.write_bytes(pickle.dumps((matrices, by_row(matrices))))
    found: dict[str, float] = {}
    names = {"linopy": "linopy", "PyOptInterface": "pyoptinterface"}

    def turn() -> None:
        for name, code in HOW.items():
            rival = names.get(name.partition(",")[0])
            if rival is None or has(rival):
                needs = "" if rival is None else "from tests.benchmarks import rivals\n"
                text = HEAD + needs + code + TAIL
                found[name] = float(_python("-c", text, size, str(file)).stdout.split()[-1])

    assert "RIVALS" in os.environ or not has("linopy")
    benchmark.pedantic(turn, rounds=1)
    cells = " | ".join(f"{found[name]:.0f}" if name in found else "" for name in HOW)
    said.setdefault("memory", []).append(f"| {len(matrices.cost):,} columns | {cells} |")
