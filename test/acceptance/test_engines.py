"""
The folder that would go to Azure, rehearsed: two engines side by side on an engine's Python and Locust, against the
demo fleet. What the servers counted is what the merged record says, and its percentiles are those of all times in one
histogram.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from bridge_process import find_node
from hdr_log import percentile, times_of
from run_records import as_received

PROJECT = Path(__file__).resolve().parents[2]
# What npm test has set up: the Locust of an engine, on its Python where this machine has one.
OLDEST = PROJECT / ".venvs" / "oldest" / "bin"
LIMIT_S = 900

pytestmark = pytest.mark.skipif(os.name == "nt", reason="engines run Linux")


def python39():
    candidates = [os.environ.get("SWARMBRIDGE_PYTHON39"), "python3.9"]
    candidates += sorted(str(one) for one in Path.home().glob(".pyenv/versions/3.9.*/bin/python"))
    for candidate in filter(None, candidates):
        found = shutil.which(candidate)
        if found and subprocess.run([found, "-c", "import venv, ensurepip"], capture_output=True).returncode == 0:
            return found
    return None


def oldest():
    python = OLDEST / "python"
    ask = "import sys, locust; print(sys.version_info[:2] == (3, 9) and locust.__version__ == '2.33.2')"
    ran = python.exists() and subprocess.run([python, "-c", ask], capture_output=True, text=True)
    return str(python) if ran and ran.stdout.strip() == "True" else None


class Fleet:
    """The demo fleet as a child; it ends with its standard input."""

    def __init__(self):
        words = ["demo/main.ts", "--json", "--port", "0", "--speed", "20", "--until-stdin-closes"]
        self._process = subprocess.Popen(
            [find_node(os.environ), *words], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self.urls = json.loads(self._process.stdout.readline())["servers"]

    def received(self) -> Counter:
        """Messages by name, and DELETEs, of all servers together."""
        sums: Counter = Counter()
        for url in self.urls.values():
            with urllib.request.urlopen(url.replace("/mcp", "/__counts")) as answer:
                counts = json.load(answer)
            sums.update(counts["messages"])
            sums["DELETE"] += counts["http"].get("DELETE", 0)
        return sums

    def end(self):
        self._process.communicate(timeout=10)


@pytest.fixture
def fleet():
    fleet = Fleet()
    yield fleet
    fleet.end()


def configure(folder: Path, fleet: Fleet, environment: "dict[str, str]"):
    auth = {"strategy": "bearer", "env": "DEMO_TOKEN"}
    weights = {"learn": 4, "context7": 2, "azure-devops": 2, "github": 2}
    servers = {
        name: {"url": url, "weight": weights[name], **({"auth": auth} if name in ("azure-devops", "github") else {})}
        for name, url in fleet.urls.items()
    }
    azure = {
        "subscription": "00000000-0000-0000-0000-000000000000",
        "resourceGroup": "tests",
        "resource": "rehearsed",
        "testId": "rehearsed",
        "testPlan": str(PROJECT / "multi.py"),
        "engineInstances": 2,
        "env": environment,
        "secrets": {"DEMO_TOKEN": "https://tests.vault.azure.net/secrets/demo-token"},
    }
    (folder / "loadtest.yaml").write_text(json.dumps({"servers": servers, "azure": azure}))
    (folder / "locust.conf").write_text("users = 12\nspawn-rate = 12\nrun-time = 10m\nstop-timeout = 10\n")
    token = (PROJECT / "demo" / "demo-token.txt").read_text().strip()
    (folder / ".env").write_text(f"DEMO_TOKEN={token}\n")
    return token


def save_the_installation(cache: Path, python: str, requirements: str):
    """
    Locust is there already: pip would only fetch it again, for a minute. Knows where `azure rehearse` keeps what it has
    installed (cli/azure/engine-python.ts).
    """
    version = subprocess.run([python, "-V"], capture_output=True, text=True).stdout.split()[1]
    wanted = f"{python}\n{version}\nlocust==2.33.2\n{requirements}"
    made = cache / "swarmbridge" / "rehearsal" / hashlib.sha256(wanted.encode()).hexdigest()[:16]
    made.mkdir(parents=True)
    (made / "bin").symlink_to(OLDEST)
    (made / "swarmbridge-complete").write_text(wanted)


def swarmbridge(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [find_node(os.environ), str(PROJECT / "cli" / "main.ts"), *words]
    environ = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache"), "SWARMBRIDGE_RESULTS": str(folder / "results")}
    for name in ("SWARMBRIDGE_CONFIG", "MCP_SERVER_URL", "SWARMBRIDGE_BUNDLE"):
        environ.pop(name, None)
    return subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=LIMIT_S)


@pytest.mark.bridge
@pytest.mark.parametrize(
    "takes_wheel",
    [
        pytest.param(False, id="with the Node that is here"),
        pytest.param(True, id="with Node from the wheel", marks=pytest.mark.long),
    ],
)
def test_two_engines_side_by_side_measure_as_one(takes_wheel, fleet, tmp_path):
    python = python39() if takes_wheel else oldest()
    if not python:
        pytest.skip("there is no Python 3.9 on this machine")
    token = configure(tmp_path, fleet, {} if takes_wheel else {"SWARMBRIDGE_NODE": str(Path(find_node(os.environ)))})
    written = swarmbridge(tmp_path, "azure", "yaml")
    assert written.returncode == 0, written.stderr
    if not takes_wheel:
        (tmp_path / "build" / "azure" / "requirements.txt").write_text("")
        save_the_installation(tmp_path / "cache", python, "")

    seconds = "20" if takes_wheel else "4"
    ran = swarmbridge(tmp_path, "azure", "rehearse", "--python", python, "--run-time", seconds)
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, said
    for number in (1, 2):
        assert re.search(
            rf"Engine {number} of 2: Python 3\.9\.\d+, Locust 2\.33\.2, Node\.js 2\d\..*; 6 users here", said
        )
    assert token not in said

    (run,) = (tmp_path / "results").iterdir()
    record = json.loads((run / "run.json").read_text())
    assert record["state"] == "complete"
    assert (record["plan"]["users"], record["plan"]["engines"]) == (12, 2)
    assert as_received(record) == fleet.received()

    times = times_of(sorted(run.glob("parts/*/latency.hlog")))
    compared = 0
    for name, operation in record["operations"].items():
        for outcome, found in operation["outcomes"].items():
            for kind, summary in found["times"].items():
                all_times = times[f"{name};{outcome};{kind}"]
                assert sum(all_times.values()) == summary["count"]
                for percent, field in ((50, "p50Ms"), (90, "p90Ms"), (95, "p95Ms"), (99, "p99Ms"), (99.9, "p999Ms")):
                    expected = min(percentile(all_times, percent) / 1000, summary["maxMs"])
                    assert summary[field] == pytest.approx(expected, abs=1e-9), (name, outcome, kind, field)
                    compared += 1
    assert compared > 100
