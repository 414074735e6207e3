"""What the tests share: a folder with a fake bridge's configuration, and Locust as a process of its own."""

import locust  # isort: skip  # patches sockets, before anything else imports them  # noqa: F401

import json
import os
import sys
from collections import Counter
from pathlib import Path

import pytest

FAKE = Path(__file__).with_name("fake_bridge.py")
SETTINGS = {
    "source": "loadtest.yaml",
    "isAimed": False,
    "servers": {"learn": {"url": "http://127.0.0.1:1/mcp", "weight": 4, "missing": None}},
}


class FakeBridge:
    """A folder in which fake bridges run, and what they wrote down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.node = folder / "node"
        # Named here as well: `finish` gets no more of the environment than it needs.
        self.node.write_text(
            f'#!/bin/sh\n[ "$1" = --version ] && echo v24.0.0 && exit\n'
            f'FAKE_BRIDGE={folder / "fake.json"} exec {sys.executable} "$@"\n'
        )
        self.node.chmod(0o755)
        self.configure()

    def configure(self, **fields) -> None:
        (self.folder / "fake.json").write_text(json.dumps({"settings": SETTINGS, **fields}))

    @property
    def environ(self):
        return {
            "SWARMBRIDGE_NODE": str(self.node),
            "SWARMBRIDGE_BUNDLE": str(FAKE),
            "FAKE_BRIDGE": str(self.folder / "fake.json"),
        }

    @property
    def command(self):
        return [str(self.node), str(FAKE)]

    def read(self, name):
        path = self.folder / name
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def counts(self) -> Counter:
        """Ended operations by name and outcome."""
        return Counter((one["name"], one["outcome"]) for one in self.read("ended.jsonl"))


@pytest.fixture
def fake(tmp_path, monkeypatch):
    bridge = FakeBridge(tmp_path)
    for name, value in bridge.environ.items():
        monkeypatch.setenv(name, value)
    return bridge


@pytest.fixture
def locustfiles():
    return Path(__file__).resolve().parents[2] / "locustfiles"


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
