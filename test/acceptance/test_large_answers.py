"""Large answers of a real server over the whole way: what stays in the bridge costs no memory, what is wanted comes."""

import os
import subprocess

import pytest

from bridge_process import ROOT, find_node

PROGRAM = ROOT / "test/bridge/transport/large/large-server.ts"

LOCUSTFILE = """
import gevent
import psutil
from locust import constant, task
from mcp_user import McpUser
from parallel import call

MB = 1_000_000


class LargeUser(McpUser):
    server = "large"
    fixed_count = 1
    wait_time = constant(60)

    @task
    def read(self):
        bridge = psutil.Process(self.client.session.linked().process.pid)
        for _ in range(3):
            self.client.call_tool("large", {"bytes": 4 * MB}, keep="hash", name="warm")
        before = most = bridge.memory_info().rss

        def look():
            nonlocal most
            while True:
                most = max(most, bridge.memory_info().rss)
                gevent.sleep(0.01)

        looking = gevent.spawn(look)
        hashed = self.client.parallel([call("large", {"bytes": 50 * MB}, keep="hash", name="hashed")] * 3)
        self.client.parallel([call("large", {"bytes": 50 * MB}, read=False, name="dropped")] * 3)
        looking.kill()
        self.client.ping()
        self.expect(most - before < 40 * MB, f"the bridge grew by {(most - before) / MB} MB")
        digests = {one.digest.sha256 for one in hashed}
        self.expect(len(digests) == 1 and all(one.digest.first_bytes > 50 * MB for one in hashed), "other hashes")
        kept = self.client.call_tool("large", {"bytes": 10 * MB}, name="kept", timeout=30)
        first = kept.raw["content"][0]
        self.expect(first["type"] == "text" and len(first["text"]) > 1_000_000, "another text")
        self.environment.runner.quit()
"""


@pytest.mark.bridge
@pytest.mark.parametrize("form", ["events", pytest.param("json", marks=pytest.mark.long)])
def test_three_answers_of_50_mb_cost_no_memory_and_one_of_10_mb_comes(form, swarm):
    command = [find_node(os.environ), str(PROGRAM), form]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        url = server.stdout.readline().strip()
        swarm.configure(f"servers:\n  large:\n    url: {url}\n")
        process = swarm.locust("--headless", "-u", "1", "-t", "60s", text=LOCUSTFILE)
        assert process.wait(limit_s=90) == 0, process.said()
    finally:
        server.kill()
        server.communicate()
    counts = {
        name.rpartition(":")[2]: (one["count"], one["failures"]) for name, one in swarm.record()["operations"].items()
    }
    assert counts["hashed"] == counts["dropped"] == (3, 0)
    assert counts["kept"] == (1, 0)
    assert counts["ping"] == (1, 0), process.said()
