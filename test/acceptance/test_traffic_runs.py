"""`traffic` of loadtest.yaml, run by the real bridge against a real server: nothing in Python says what users do."""

import pytest

from bridge_process import ROOT
from run_records import as_locust_counts, as_received, outcomes

pytestmark = pytest.mark.bridge

FROM_YAML = (ROOT / "locustfiles/from_yaml.py").read_text()

CONFIGURATION = """
servers:
  counting:
    url: {url}
    traffic:
      think: none
      allow: [quick]
      mix:
        - {{ call: quick }}
        - turn: research
          steps:
            - {{ call: slow, arguments: {{ ms: {{ $range: [1, 5] }} }}, save: said }}
            - call: quick
              arguments: {{ said: {{ $result: said/text }}, line: {{ $lines: lines.txt }} }}
              expect: quick
            - parallel: [{{ call: slow, arguments: {{ ms: 20 }}, times: 10 }}]
"""


@pytest.mark.parametrize("server", ["sse"], indirect=True)
def test_a_mix_runs_as_it_stands_in_the_file(server, swarm):
    swarm.configure(CONFIGURATION.format(url=server.url))
    (swarm.folder / "lines.txt").write_text("one\ntwo\n")
    process = swarm.locust("--headless", "--only-summary", "-u", "4", "-r", "4", "-t", "3s", "--json", text=FROM_YAML)
    assert process.wait() == 0, process.said()
    record = swarm.record()
    counted = outcomes(record)
    assert {outcome for _, outcome in counted} <= {"ok", "cancelled"}
    assert as_received(record) == server.counts()
    assert {name: one for name, one in process.counts().items() if ":turn:" not in name} == as_locust_counts(record)
    assert counted["counting:tools/call:quick", "ok"] > 20
    assert counted["counting:initialize", "ok"] == 4
    # What users list: the tools, as agents do, and one of them for all.
    assert counted["counting:tools/list", "ok"] == 5
    turns = record["turns"]["counting:turn:research"]["outcomes"]
    assert turns["ok"]["count"] > 3
    burst = record["facts"]["bursts"]["counting:turn:research"]
    assert burst["calls"] == 10 * burst["bursts"]
    assert burst["mostInFlight"] == 10
