"""
A canary in every place where a user may put a secret, servers that say everything again that they are sent, and a
search over all that was written or shown: the canaries are nowhere. Beside it the same search over bridges that are
broken on purpose, which finds them.
"""

import hashlib
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from azure_servers import AzureServers
from bridge_process import ROOT, find_node
from canaries import Canaries, files_under
from locust_process import until
from run_records import auth_of

pytestmark = pytest.mark.bridge

HERE = Path(__file__).resolve().parent
SERVER = HERE / "echoing_server.py"
# As many users as the locustfiles below have at most: one a server, and one more.
HEADLESS = ["--headless", "--only-summary", "--json", "--csv", "out", "--html", "out.html", "-u", "12", "-r", "12"]
TALKATIVE = {"AZURE_LOG_LEVEL": "verbose", "NODE_DEBUG": "http,net,undici,tls,fetch,worker", "DEBUG": "*"}

# Tells all that a test's author could print, and keeps every line that came over the link.
LOCUSTFILE = '''
import os
import bridge_link
from locust import constant, task
from mcp_errors import McpError
from mcp_user import McpUser

class Tapped(bridge_link.BridgeLink):
    def _hear(self, line):
        with open("link-lines", "ab") as file:
            file.write(bytes(line) + b"\\n")
        super()._hear(line)

import bridge_keeper
bridge_keeper.BridgeLink = Tapped

def say(*what):
    """Not on standard output: nobody empties that pipe before the end."""
    with open("printed", "a") as file:
        print(*what, file=file)

TOOLS = ["text", "tool_error", "error", "stream", "broken_stream", "no_json", "strange_type", "unauthorized",
         "forbidden", "failing", "long_failing", "redirect", "cut"]

class EchoUser(McpUser):
    abstract = True
    wait_time = constant(0.05)
    number = 0

    def try_it(self, work):
        try:
            say("result", work().raw)
        except McpError as error:
            say("error", repr(error), str(error), vars(error))

    @task
    def next_tool(self):
        self.number += 1
        tool = TOOLS[self.number % len(TOOLS)]
        self.try_it(lambda: self.client.call_tool(tool))

    @task
    def mistakes(self):
        secret = os.environ.get("MISTAKEN_SECRET")
        if not secret:
            return
        self.try_it(lambda: self.client.call_tool("text?" + secret))
        self.try_it(lambda: self.client.call_tool("text", name="as " + secret))
        self.expect(False, "disappointed by " + secret)

    @task
    def look(self):
        say("tools", self.client.list_tools())

def user(name):
    return type(name.title() + "User", (EchoUser,), {"server": name, "fixed_count": 1})
'''
PATIENT = """
class PatientUser(McpUser):
    server = "env"
    wait_time = constant(1)

    @task
    def wait(self):
        self.client.call_tool("slow")
"""


class EchoingServer:
    """:ivar elsewhere: another origin, to which it redirects"""

    def __init__(self, folder: Path, token: str) -> None:
        self._journal = folder / "journal"
        self._journal.touch()
        self._process = subprocess.Popen(
            [sys.executable, str(SERVER), str(self._journal)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(f"{token}\n")
        self._process.stdin.flush()
        self.url, self.elsewhere = json.loads(self._process.stdout.readline())

    def requests(self):
        return [json.loads(line) for line in self._journal.read_text().splitlines()]

    def saw(self, secret: str) -> bool:
        digest = hashlib.sha256(secret.encode()).hexdigest()
        return any(digest in request["seen"] for request in self.requests())

    def was_asked_elsewhere(self) -> bool:
        return any(f":{request['port']}" in self.elsewhere for request in self.requests())

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()


def private_key() -> str:
    """In PEM."""
    make = "require('crypto').generateKeyPairSync('rsa', { modulusLength: 2048 })"
    program = f"console.log({make}.privateKey.export({{ type: 'pkcs8', format: 'pem' }}))"
    return subprocess.run([find_node(os.environ), "-e", program], check=True, stdout=subprocess.PIPE).stdout.decode()


class Watched:
    """A folder of a user's, with a canary in every place, and what is seen of the processes that run in it."""

    def __init__(self, swarm, vault: Path, azure: AzureServers) -> None:
        """:param vault: a folder that is not searched: there the secrets lie that a user keeps in files"""
        self.swarm = swarm
        self.azure = azure
        self.canaries = Canaries()
        self.vault = vault
        self.shown = []
        self._own = [swarm.folder / ".env"]
        make = self.canaries.make
        self.server = EchoingServer(vault, make("oauth token"))
        (vault / "token").write_text(make("file"))
        (vault / "print-token").write_text(f"#!/bin/sh\necho '{make('command')}'\n")
        (vault / "print-token").chmod(0o755)
        (swarm.folder / ".env").write_text(f"CANARY_DOTENV={make('.env')}\n")
        self.environ = {
            "CANARY_ENV": make("env"),
            "CANARY_HEADER": make("header"),
            "CANARY_QUERY": self.canaries.add("query", make("query").replace("+", "-").replace("=", "_")),
            "CANARY_CLIENT": make("client secret"),
            "CANARY_REFUSED": make("refused client secret"),
            "CANARY_KEY": private_key(),
            "AZURE_CLIENT_SECRET": self.canaries.add("Entra client secret", azure.client_secret),
            "SWARMBRIDGE_NODE": str(self._telling_node()),
            **azure.environ,
        }
        azure.put("mcp-token", make("Key Vault"))
        # One line of it stands for the whole.
        self.canaries.add("private key", self.environ["CANARY_KEY"].splitlines()[5])
        url = self.server.url
        swarm.configure(f"""
servers:
  env:
    url: {url}/mcp
    auth: {{ strategy: bearer, env: CANARY_ENV }}
  file:
    url: {url}/mcp?key=${{CANARY_QUERY}}
    auth: {{ strategy: bearer, file: {vault}/token }}
  dotenv:
    url: {url}/mcp
    headers: {{ X-Api-Key: "${{CANARY_HEADER}}" }}
    auth: {{ strategy: bearer, env: CANARY_DOTENV }}
  command:
    url: {url}/mcp
    auth: {{ strategy: command, run: [{vault}/print-token] }}
  oauth:
    url: {url}/mcp
    auth: {{ strategy: oauth, clientId: client, clientSecret: {{ env: CANARY_CLIENT }}, tokenEndpoint: "{url}/token" }}
  key:
    url: {url}/mcp
    auth: {{ strategy: oauth, clientId: client, privateKey: {{ env: CANARY_KEY }}, tokenEndpoint: "{url}/token" }}
  refused:
    url: {url}/mcp
    auth:
      strategy: oauth
      clientId: client
      clientSecret: {{ env: CANARY_REFUSED }}
      tokenEndpoint: {url}/token
      scope: refuse
  vault:
    url: {url}/mcp
    auth: {azure.vault("mcp-token")}
  novault:
    url: {url}/mcp
    auth: {azure.vault("mcp-token", at=azure.url("entra"))}
  nosecret:
    url: {url}/mcp
    auth: {azure.vault("no-such-secret")}
  entra:
    url: {url}/mcp
    auth: {{ strategy: entra, scope: api://mcp/.default, {azure.credential} }}
""")

    def locust(self, *arguments, text, environ=None):
        return self.swarm.locust(*arguments, text=text, environ={**self.environ, **(environ or {})})

    def note_processes(self) -> None:
        """Command lines of all; of environments those of processes that need no secret."""
        for process in self.swarm.running():
            try:
                self.shown.append(("command line", "\0".join(process.cmdline()).encode()))
            except psutil.Error:
                continue  # it has just ended

    def note(self, name: str, said: bytes) -> None:
        self.shown.append((name, said))

    def found(self, *processes):
        """Searches all that there is by now."""
        for number, token in enumerate(self.azure.tell()["tokens"]):
            self.canaries.add(f"Entra token {number}", token)
        said = [("stdout", process.output.encode()) for process in processes]
        # What a process was started with, by the name of what it was to do.
        started = files_under(self.vault / "started")
        needless = [(name, text) for name, text in started if "finish" in name or "--version" in name]
        assert any("finish" in name for name, _ in needless)
        return self.canaries.found_in(files_under(self.swarm.folder, self._own) + said + self.shown + needless)

    def _telling_node(self) -> Path:
        """Node, which writes down the environment that it was given, one file a process."""
        (self.vault / "started").mkdir()
        node = self.vault / "node"
        first = 'for one; do case "$one" in finish|describe|--version|--fd) what="$one" ;; esac; done'
        node.write_text(
            f'#!/bin/sh\n{first}\nenv > "{self.vault}/started/$what-$$"\nexec {find_node(os.environ)} "$@"\n'
        )
        node.chmod(0o755)
        return node


@pytest.fixture
def watched(swarm, tmp_path_factory):
    azure = AzureServers()
    watched = Watched(swarm, tmp_path_factory.mktemp("vault"), azure)
    yield watched
    watched.server.end()
    azure.end()


NAMES = ["env", "file", "dotenv", "command", "oauth", "key", "refused", "vault", "novault", "nosecret", "entra"]
# Those that come to a server of theirs.
SENT = ("env", "file", ".env", "header", "query", "command", "oauth token", "Key Vault")
USERS = "".join(f"{name.title()}User = user({name!r})\n" for name in NAMES)


def run_all(watched, limit="6s", **environ):
    """One run of all users, with the face on and looked at."""
    token = watched.canaries.make("token of the face")
    mistaken = watched.environ["CANARY_HEADER"]
    face = {"SWARMBRIDGE_HTTP_PORT": "0", "SWARMBRIDGE_HTTP_TOKEN": token, "MISTAKEN_SECRET": mistaken}
    process = watched.locust(*HEADLESS, "-t", limit, text=LOCUSTFILE + USERS, environ={**face, **environ})
    (file,) = until(lambda: list(watched.swarm.results.glob("face-*.json")))
    url = until(lambda: file.read_text() and json.loads(file.read_text())["url"])
    # Every user has met every fault; the names of mistakes are in the statistics.
    until(lambda: len(watched.server.requests()) > 6 * 40)
    for path in ("/metrics", "/sessions", "/nothing", f"/healthz?token={token}"):
        watched.note(path, ask(url + path, token))
    watched.note_processes()
    process.wait()
    return process


def ask(url, token):
    request = urllib.request.Request(url, headers={"authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request) as answer:
            return str(answer.headers).encode() + answer.read()
    except urllib.error.HTTPError as answer:
        return str(answer.headers).encode() + answer.read()


def assert_servers_saw_them(watched):
    """Otherwise there was nothing to be said again."""
    for place in SENT:
        assert watched.server.saw(watched.canaries.by_place[place]), place
    assert any(watched.server.saw(token) for token in watched.azure.tell()["tokens"])


def test_servers_that_say_everything_again_make_nothing_known(watched):
    process = run_all(watched)
    assert_servers_saw_them(watched)
    assert "[redacted]" in (watched.swarm.folder / "printed").read_text()
    assert watched.found(process) == set()
    assert not watched.server.was_asked_elsewhere(), "a redirect was followed"
    for server in ("refused", "novault", "nosecret"):
        assert auth_of(watched.swarm.record(), server).keys() == {("token", "auth")}, server


def test_debugging_of_libraries_makes_nothing_known(watched):
    process = run_all(watched, **TALKATIVE)
    assert_servers_saw_them(watched)
    said = process.said()
    for library in ("HTTP ", "NET ", "FETCH ", "express", "azure:identity", "azure:keyvault"):
        assert library in said, "it was not debugged"
    assert watched.found(process) == set()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV], ids=lambda number: number.name)
def test_a_bridge_that_crashes_leaves_nothing_behind(watched, number):
    process = watched.locust(*HEADLESS, "-t", "6s", text=LOCUSTFILE + USERS + PATIENT, environ=TALKATIVE)
    (bridge,) = until(lambda: [one for one in watched.swarm.bridges() if one.cmdline()[0].endswith("/node")])
    until(lambda: watched.server.saw(watched.canaries.by_place["env"]))
    limits = Path(f"/proc/{bridge.pid}/limits").read_text()
    (core,) = [line for line in limits.splitlines() if line.startswith("Max core file size")]
    assert core.split()[4:6] == ["0", "0"]
    bridge.send_signal(number)
    process.wait()
    assert "The bridge was lost" in process.said()
    assert watched.found(process) == set()
    assert not list(watched.swarm.folder.rglob("core*"))


def test_a_token_for_an_aimed_server_stays_unknown(watched):
    token = watched.canaries.make("MCP_TOKEN")
    query = watched.canaries.make("query of MCP_SERVER_URL").replace("+", "-").replace("=", "_").replace("/", "_")
    watched.canaries.add("query of MCP_SERVER_URL", query)
    aim = {"MCP_SERVER_URL": f"{watched.server.url}/mcp?key={query}", "MCP_TOKEN": token, "MISTAKEN_SECRET": token}
    process = watched.locust(*HEADLESS, "-t", "3s", text=LOCUSTFILE + "TargetUser = user('target')\n", environ=aim)
    process.wait()
    assert watched.server.saw(token) and watched.server.saw(query)
    assert watched.found(process) == set()


@pytest.mark.parametrize(
    "place",
    [
        "url: {url}/mcp?api-key={secret}",
        "url: http://user:{secret}@127.0.0.1/mcp",
        "url: {url}/mcp\n    headers: {{ Authorization: 'Bearer {secret}' }}",
        "url: {url}/mcp\n    headers: {{ X-Api-Key: {secret} }}",
        "url: {url}/mcp\n    auth: {{ strategy: bearer, env: '{secret}' }}",
        "url: {url}/mcp\n    auth: {{ strategy: bearer, token: '{secret}' }}",
        "url: {url}/mcp\n    auth: '{secret}'",
        "url: {url}/mcp\n    weight: '${{CANARY_ENV}}'",
        "url: '${{CANARY_ENV}}'",
    ],
)
def test_a_secret_in_the_wrong_place_is_refused_and_not_quoted(watched, place):
    secret = watched.canaries.make("wrong place")
    entry = place.format(url=watched.server.url, secret=secret)
    watched.swarm.configure(f"servers:\n  env:\n    {entry}\n")
    watched._own.append(watched.swarm.folder / "loadtest.yaml")
    process = watched.locust(*HEADLESS, "-t", "3s", text=LOCUSTFILE + "EnvUser = user('env')\n")
    assert process.wait() == 3
    assert "servers.env" in process.said()
    said = [("stderr", process.said().encode()), ("stdout", process.output.encode())]
    assert watched.canaries.found_in(said + files_under(watched.swarm.folder, watched._own)) == set()


def variant(folder, *names):
    """:returns: environment that names a bundle which is broken so"""
    bundle = folder / "-".join(["bridge", *names])
    command = [find_node(os.environ), str(HERE / "variant-bundle.ts"), str(bundle), *names]
    subprocess.run(command, check=True, cwd=ROOT)
    return {"SWARMBRIDGE_BUNDLE": str(bundle)}


def test_the_redactor_alone_stops_what_the_first_line_lets_through(watched):
    process = run_all(watched, **variant(watched.vault, "leak"))
    assert_servers_saw_them(watched)
    assert watched.found(process) == set()


def test_without_the_redactor_the_same_search_finds_what_leaks(watched):
    process = run_all(watched, **variant(watched.vault, "redactor-off", "leak"), **TALKATIVE)
    found = watched.found(process)
    for place in SENT:
        assert (place, "printed") in found and (place, "link-lines") in found, place
    assert any(place.startswith("Entra token") for place, _ in found)
    leaked_into = {name.split("/")[-1] for _, name in found}
    assert {"run.json", "out_stats.csv", "out.html", "stderr-0", "metrics"} <= leaked_into
