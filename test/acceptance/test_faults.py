"""Servers that misbehave: users wait and try again, nobody is lost, every attempt is counted."""

import signal

import pytest

from counting_server import CountingServer
from locust_process import free_port, until
from run_records import as_locust_counts, as_received, outcomes

pytestmark = pytest.mark.bridge

HEADLESS = ("--headless", "--only-summary", "--json")
OPENED = "counting:initialize"


def assert_locust_and_record_agree(swarm, process):
    record = swarm.record()
    assert record["state"] == "complete"
    assert (record["reconciled"], record["gaps"]) == ({}, [])
    assert as_locust_counts(record) == process.counts()
    swarm.none_is_left()
    return record


def test_a_server_that_is_down_is_tried_again_with_back_off(swarm):
    swarm.configure(f"servers:\n  counting:\n    url: http://127.0.0.1:{free_port()}/mcp\n")
    process = swarm.locust(*HEADLESS, "-u", "8", "-r", "8", "-t", "4s")
    assert process.wait() == 1
    record = assert_locust_and_record_agree(swarm, process)
    attempts = outcomes(record)[OPENED, "connect"]
    assert outcomes(record) == {(OPENED, "connect"): attempts}
    # Pauses of 0.5 to 1 s, 1 to 2 s, 2 to 4 s: each user tries at least three times in four seconds, at most four.
    assert 2 * 8 <= attempts <= 4 * 8
    assert "could not connect" in process.said()
    assert record["generator"]["usersPeak"] == 8


def test_a_server_that_never_answers_costs_a_timeout_and_no_user(swarm):
    server = CountingServer(swarm.folder, "--silent")
    swarm.configure(f"servers:\n  counting:\n    url: {server.url}\n    limits: {{ initialize: 500ms }}\n")
    process = swarm.locust(*HEADLESS, "-u", "4", "-r", "4")
    # Every user comes back after its first failure.
    until(lambda: server.counts("unanswered")["server/discover"] + server.counts("unanswered")["initialize"] >= 12)
    process.signal(signal.SIGTERM)
    process.wait()
    server.kill()
    record = assert_locust_and_record_agree(swarm, process)
    assert outcomes(record)[OPENED, "timeout"] >= 8
    assert {outcome for _, outcome in outcomes(record)} <= {"timeout", "cancelled"}


def test_a_server_that_dies_and_comes_back_has_all_its_users_back(server, swarm):
    users = 20
    process = swarm.locust(*HEADLESS, "-u", str(users), "-r", str(users))
    until(lambda: server.counts()["tools/call:quick"] > 200)
    server.kill()
    until(lambda: "connect" in swarm_reasons(swarm))
    server.start()
    until(lambda: server.counts("answered")["initialize"] == 2 * users)
    quick = server.counts()["tools/call:quick"]
    until(lambda: server.counts()["tools/call:quick"] > quick + 200)
    process.signal(signal.SIGTERM)
    process.wait()

    record = assert_locust_and_record_agree(swarm, process)
    counted = outcomes(record)
    assert counted[OPENED, "ok"] == 2 * users
    assert counted["counting:session/delete", "ok"] == users
    begun, received = as_received(record), server.counts()
    for name, count in begun.items():
        # What the server did not live to receive ended on the wire.
        operation = f"counting:{name}"
        on_the_wire = counted[operation, "connect"] + counted[operation, "disconnected"]
        assert count - on_the_wire <= received[name] <= count, name


def swarm_reasons(swarm):
    return {outcome for record in swarm.records() for _, outcome in outcomes(record)}
