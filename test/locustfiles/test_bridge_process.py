import json
import os
import resource
import socket
import sys

import pytest

import bridge_process
from bridge_process import bridge_command, find_bundle, find_node, spawn, spawn_over_loopback
from bridge_tool import describe, finish
from refusal import Refusal


def script(folder, text):
    path = folder / "some-node"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine with no Node in the project and none on PATH."""
    monkeypatch.setattr(bridge_process, "_installed_with_the_project", list)
    return {"PATH": str(tmp_path)}


def test_the_named_node_and_bundle_win(fake):
    assert bridge_command(fake.environ) == fake.command


def test_without_any_node_the_sentence_says_what_to_type(bare):
    with pytest.raises(Refusal, match="npm install"):
        find_node(bare)


def test_node_on_path_is_taken_last(bare, tmp_path):
    node = tmp_path / "node"
    node.write_text("#!/bin/sh\necho v22.1.0\n")
    node.chmod(0o755)
    assert find_node(bare) == str(node)


@pytest.mark.parametrize(
    "says, sentence",
    [
        ("echo v18.20.4", "is Node v18.20.4, the bridge needs 22 or newer"),
        ("echo 'Python 3'", "does not answer --version"),
    ],
)
def test_a_node_that_will_not_do_is_refused_by_name(tmp_path, says, sentence):
    with pytest.raises(Refusal, match=sentence):
        find_node({"SWARMBRIDGE_NODE": script(tmp_path, says)})


def test_the_bundle_is_found_beside_the_files_of_an_engine(monkeypatch, tmp_path):
    (tmp_path / "bridge.cjs").touch()
    monkeypatch.setattr(bridge_process, "HERE", tmp_path)
    monkeypatch.setattr(bridge_process, "ROOT", tmp_path)
    assert find_bundle({}) == tmp_path / "bridge.cjs"


def test_a_program_that_cannot_be_started_is_one_sentence(tmp_path):
    with pytest.raises(Refusal, match="could not be started"):
        spawn([str(tmp_path / "nothing"), "bundle"])


@pytest.mark.parametrize("start", [spawn, spawn_over_loopback])
def test_the_bridge_hears_us_over_its_socket_and_leaves_at_its_end(fake, start):
    process, sock = start(fake.command)
    sock.sendall(json.dumps({"op": "clock", "id": 7}).encode() + b"\n")
    assert json.loads(sock.recv(4096))["id"] == 7
    assert os.getsid(process.pid) != os.getsid(0) or start is spawn_over_loopback
    sock.close()
    assert process.wait(timeout=10) == 0


def test_a_stranger_without_the_secret_is_turned_away(tmp_path, monkeypatch):
    monkeypatch.setattr(bridge_process, "CONNECT_BACK_LIMIT_S", 0.5)
    stranger = tmp_path / "stranger.py"
    stranger.write_text(
        "import socket, sys\n"
        "link = socket.create_connection(('127.0.0.1', int(sys.argv[2])))\n"
        'link.sendall(b\'{"op":"secret","secret":"guess"}\\n\')\n'
        "sys.exit(0 if link.recv(1) == b'' else 1)\n"
    )
    with pytest.raises(Refusal, match="did not connect back"):
        spawn_over_loopback([sys.executable, str(stranger)])


def test_no_descriptor_of_the_far_end_stays_open_here(fake):
    before = len(os.listdir("/proc/self/fd"))
    process, sock = spawn(fake.command)
    assert isinstance(sock, socket.socket)
    assert len(os.listdir("/proc/self/fd")) <= before + 3  # ours, and what gevent keeps for the child
    sock.close()
    process.wait(timeout=10)


PRINTS = """
import json, os, resource
print(json.dumps({"core": resource.getrlimit(resource.RLIMIT_CORE), "names": sorted(os.environ)}), file=open(%r, "w"))
"""


@pytest.fixture
def looks_around(tmp_path):
    """A program in the bridge's place, and what it sees of its own process."""
    program, seen = tmp_path / "program.py", tmp_path / "seen.json"
    program.write_text(PRINTS % str(seen))
    return [sys.executable, str(program)], lambda: json.loads(seen.read_text())


def test_the_bridge_leaves_no_core_dump_and_the_limit_of_this_process_stays(looks_around):
    command, seen = looks_around
    before = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (before[1], before[1]))
    try:
        process, sock = spawn(command)
        sock.close()
        process.wait(timeout=10)
        assert seen()["core"] == [0, 0]
        assert resource.getrlimit(resource.RLIMIT_CORE) == (before[1], before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)


def test_the_tools_get_no_secret_that_they_do_not_need(looks_around, monkeypatch):
    command, seen = looks_around
    monkeypatch.setenv("SOME_TOKEN", "s3cret")
    monkeypatch.setenv("SWARMBRIDGE_HTTP_TOKEN", "s3cret")
    finish(command, "folder", {}, None)
    assert "PATH" in seen()["names"]
    assert not {"SOME_TOKEN", "SWARMBRIDGE_HTTP_TOKEN"} & set(seen()["names"])
    with pytest.raises(json.JSONDecodeError):
        describe(command, "folder", {})
    assert "SOME_TOKEN" in seen()["names"]  # it has to say whether it is there
    assert "SWARMBRIDGE_HTTP_TOKEN" not in seen()["names"]
    assert seen()["core"] == [0, 0]
