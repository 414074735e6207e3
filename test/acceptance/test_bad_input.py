"""
Bad input, one row each: one clear sentence and a non-zero exit, before any user exists. ``pytest -s`` on this file
prints the table.
"""

import re
import shutil
import socket
from pathlib import Path
from typing import Callable, Dict, NamedTuple

import pytest

from bridge_process import ROOT, find_bundle

HEADLESS = ("--headless", "--only-summary", "-u", "2", "-r", "2")
LOCUSTFILE = """
from locust import constant, task
from mcp_user import McpUser

class SomeUser(McpUser):
    server = "learn"
    wait_time = constant(0.05)

    @task
    def ping(self):
        self.client.ping()
"""
# Nobody listens there.
FINE = "servers:\n  learn:\n    url: http://127.0.0.1:9/mcp\n"


class Case(NamedTuple):
    """
    :ivar says: what the one sentence holds
    :ivar spoil: changes the test's folder or the process's environment, which it returns
    """

    says: str
    spoil: Callable[[Path], Dict[str, str]]
    text: str = LOCUSTFILE


def configured(yaml: str) -> Callable[[Path], Dict[str, str]]:
    def spoil(folder: Path) -> Dict[str, str]:
        (folder / "loadtest.yaml").write_text(yaml)
        return {}

    return spoil


def environ(**variables: str) -> Callable[[Path], Dict[str, str]]:
    return lambda folder: {name: value.format(folder=folder) for name, value in variables.items()}


def taken_port(_: Path) -> Dict[str, str]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    TAKEN.append(listener)
    return {"SWARMBRIDGE_HTTP_PORT": str(listener.getsockname()[1])}


TAKEN = []


def elsewhere(folder: Path) -> Dict[str, str]:
    """The project without what `npm install` and `npm run build` bring, and nothing else on PATH."""
    project = folder / "project"
    shutil.copytree(ROOT / "locustfiles", project / "locustfiles", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "bin").mkdir()
    return {"PYTHONPATH": str(project / "locustfiles"), "PATH": str(folder / "bin")}


def old_node(folder: Path) -> Dict[str, str]:
    node = program(folder / "node", "#!/bin/sh\necho v18.20.8\n")
    return {"SWARMBRIDGE_NODE": node}


def old_node_on_path(folder: Path) -> Dict[str, str]:
    variables = elsewhere(folder)
    program(folder / "bin" / "node", "#!/bin/sh\necho v18.20.8\n")
    return variables


def no_node_at_all(folder: Path) -> Dict[str, str]:
    node = program(folder / "node", "#!/bin/sh\necho this is something else\n")
    return {"SWARMBRIDGE_NODE": node}


def program(path: Path, text: str) -> str:
    path.write_text(text)
    path.chmod(0o755)
    return str(path)


def not_built(folder: Path) -> Dict[str, str]:
    variables = elsewhere(folder)
    return {**variables, "SWARMBRIDGE_NODE": program(folder / "node", "#!/bin/sh\necho v24.0.0\n")}


def old_bundle(folder: Path) -> Dict[str, str]:
    """As after a `git pull` without a build: the real bundle, and a package that is newer."""
    (folder / "dist").mkdir()
    shutil.copy(find_bundle({}), folder / "dist" / "bridge.cjs")
    (folder / "package.json").write_text('{ "name": "swarmbridge", "version": "99.0.0" }')
    return {"SWARMBRIDGE_BUNDLE": str(folder / "dist" / "bridge.cjs")}


def other_link(folder: Path) -> Dict[str, str]:
    """A bundle that speaks another version of the link, as `docs/link-protocol.md` says."""
    hello = '{"op":"hello","v":2,"nowMs":0,"version":"0.1.0","pid":1,"settings":{"servers":{}}}'
    bundle = folder / "bridge.cjs"
    bundle.write_text(
        "const stream = new (require('node:net').Socket)({ fd: Number(process.argv[3]) });\n"
        f"stream.on('data', () => stream.write({hello!r} + '\\n')).on('end', () => process.exit(0));\n"
    )
    return {"SWARMBRIDGE_BUNDLE": str(bundle)}


def broken_bundle(folder: Path) -> Dict[str, str]:
    (folder / "bridge.cjs").write_text("this is no program")
    return {"SWARMBRIDGE_BUNDLE": str(folder / "bridge.cjs")}


def no_configuration(folder: Path) -> Dict[str, str]:
    (folder / "loadtest.yaml").unlink()
    return {"SWARMBRIDGE_CONFIG": ""}


def results_below_a_file(folder: Path) -> Dict[str, str]:
    """Read-only for root, too."""
    (folder / "file").write_text("")
    return {"SWARMBRIDGE_RESULTS": str(folder / "file" / "results")}


CASES = {
    "a typo in a server's name": Case(
        "SomeUser wants the server 'lern'; loadtest.yaml has learn. Did you mean 'learn'?",
        environ(),
        LOCUSTFILE.replace('"learn"', '"lern"'),
    ),
    "no Node": Case("Node.js was not found", elsewhere),
    "SWARMBRIDGE_NODE names nothing": Case("which cannot be run", environ(SWARMBRIDGE_NODE="/nowhere/node")),
    "an old Node by name": Case("is Node v18.20.8, the bridge needs 22 or newer", old_node),
    "an old Node on PATH": Case("is Node v18.20.8, the bridge needs 22 or newer", old_node_on_path),
    "a program that is no Node": Case("does not answer --version as Node.js does", no_node_at_all),
    "no bundle": Case("type `npm install && npm run build`", not_built),
    "SWARMBRIDGE_BUNDLE names nothing": Case("type `npm run build`", environ(SWARMBRIDGE_BUNDLE="/nowhere/bridge.cjs")),
    "an old bundle": Case("not 99.0.0: type `npm run build`", old_bundle),
    "a bundle of another link": Case("speaks link version 2, not 1: type `npm run build`", other_link),
    "a broken bundle": Case("The bridge ended before it said hello", broken_bundle),
    "a port that is taken": Case("choose another in SWARMBRIDGE_HTTP_PORT", taken_port),
    "a port that is none": Case('"http" is no port', environ(SWARMBRIDGE_HTTP_PORT="http")),
    "a results folder that cannot be written": Case("file/results", results_below_a_file),
    "no configuration": Case("there is no loadtest.yaml", no_configuration),
    "SWARMBRIDGE_CONFIG names nothing": Case(
        "SWARMBRIDGE_CONFIG names nothing.yaml, which is not a file", environ(SWARMBRIDGE_CONFIG="nothing.yaml")
    ),
    "MCP_SERVER_URL is no URL": Case("MCP_SERVER_URL", environ(MCP_SERVER_URL="localhost:8080")),
    "MCP_SERVER_URL without a class for it": Case(
        "no class for it: run any_server.py or multi.py", environ(MCP_SERVER_URL="http://127.0.0.1:9/mcp")
    ),
    "the only credential is missing": Case(
        "No server is left to test: set LEARN_TOKEN in the environment or in .env",
        configured(FINE + "    auth: { strategy: bearer, env: LEARN_TOKEN }\n"),
    ),
    "a variable that is not set": Case("LEARN_PORT", configured(FINE.replace("9/mcp", "${LEARN_PORT}/mcp"))),
    "YAML that is none": Case("loadtest.yaml:3", configured("servers:\n  learn:\n\turl: http://127.0.0.1:9/mcp\n")),
    "a key that does not exist": Case(
        "loadtest.yaml:4:5 servers.learn.wait: is not a known key", configured(FINE + "    wait: 5\n")
    ),
    "a url without a scheme": Case("loadtest.yaml:3:5 servers.learn.url", configured(FINE.replace("http://", ""))),
    "a revision that does not exist": Case(
        "loadtest.yaml:4:5 servers.learn.protocol", configured(FINE + "    protocol: 2025-01-01\n")
    ),
    "a limit without a unit": Case(
        "loadtest.yaml:4:15 servers.learn.limits.call", configured(FINE + "    limits: { call: 60 }\n")
    ),
    "a secret that is written down": Case(
        "loadtest.yaml:4:16 servers.learn.headers.Authorization: holds a secret",
        configured(FINE + "    headers: { Authorization: Bearer ghp_abcdefghijklmnopqrstuvwxyz0123456789 }\n"),
    ),
    "two faults in one file": Case(
        "loadtest.yaml:5:5 servers.learn.cookies", configured(FINE + "    weight: many\n    cookies: maybe\n")
    ),
    "no servers": Case("servers", configured("servers: {}\n")),
}


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_one_sentence_and_the_exit_code_3(name, swarm):
    case = CASES[name]
    swarm.configure(FINE)
    variables = case.spoil(swarm.folder)
    process = swarm.locust(*HEADLESS, "-t", "20s", text=case.text, environ=variables)
    code = process.wait(limit_s=15)
    (sentence,) = sentences(process.said())
    print(f"| {name} | {code} | {sentence} |")
    assert code == 3
    assert case.says in sentence
    assert "Traceback" not in process.said()
    assert "ghp_abc" not in process.said()
    assert not list(swarm.results.glob("*/run.json"))
    swarm.none_is_left()


def test_a_server_without_its_credential_is_left_out_with_one_warning(swarm):
    swarm.configure(
        FINE + "  github:\n    url: http://127.0.0.1:9/mcp\n    auth: { strategy: bearer, env: GITHUB_TOKEN_OF_TEST }\n"
    )
    second = 'class OtherUser(SomeUser):\n    server = "github"\n'
    process = swarm.locust(*HEADLESS, "-t", "1s", text=LOCUSTFILE + second)
    assert process.wait() == 1  # nobody listens where the other one should be
    (warning,) = sentences(process.said(), "WARNING/swarmbridge")
    print(f"| one of two credentials is missing | 1 (the run goes on) | {warning} |")
    assert warning == "Left out for want of a credential: github (needs GITHUB_TOKEN_OF_TEST)."
    assert {name.partition(":")[0] for name in swarm.record()["operations"]} == {"learn"}


def test_a_server_that_is_down_is_a_failed_run(swarm):
    swarm.configure(FINE)
    process = swarm.locust(*HEADLESS, "-t", "1s", text=LOCUSTFILE)
    code = process.wait()
    assert code == 1
    (row,) = re.findall(r"McpConnectError\(.*\)", process.said())
    print(f"| a server that is down | {code} | {row} |")
    assert sentences(process.said()) == []


def sentences(said, level="ERROR/"):
    """
    Several faults of one configuration are several lines of one entry.

    :param level: with a slash and, where only one counts, the logger
    """
    entries = re.split(r"^\[[^\]]*\] [^/\s]+/", said, flags=re.MULTILINE)
    found = [entry.partition(": ")[2] for entry in entries if entry.startswith(level)]
    return [" / ".join(entry.split("\n")).rstrip(" /") for entry in found]
