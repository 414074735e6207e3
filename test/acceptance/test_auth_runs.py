"""
Runs that outlive their tokens, and runs in which each user has an identity of its own. How many renewals there must be
is worked out here by hand, from what docs/auth.md says: a token is renewed when 60 % of its life are over, counted from
the moment it was asked for; a renewal that failed is tried again after 1, 2, 4 ... s, and never later than after a
quarter of what the old token has left.
"""

import signal
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from auth_servers import AuthServers
from locust_process import until
from run_records import as_locust_counts, auth_of, outcomes

pytestmark = pytest.mark.bridge

LOCUSTFILE = Path(__file__).with_name("auth_locustfile.py").read_text()
USERS = 4


class Plan(NamedTuple):
    """
    :ivar run_s: ends well between two renewals, so that none is a close call
    :ivar outage_s: how long the token endpoint is down, from just after the first renewal; None: until one has failed
    """

    life_s: int
    run_s: int
    slow_s: float
    outage_s: "float | None"
    renewals: int
    renewals_with_outage: int
    failed_in_outage: int


SHORT = Plan(
    life_s=5,
    run_s=14,
    # The lead is 40 % of the life: 2 s.
    slow_s=1,
    outage_s=None,
    # At 3, 6, 9 and 12 s.
    renewals=4,
    # At 3 s; at 6 s it fails, 2 s are left: again at 6.5, then at 9.5 and 12.5 s.
    renewals_with_outage=4,
    failed_in_outage=1,
)
LONG = Plan(
    life_s=20,
    run_s=295,
    # The lead is 8 s.
    slow_s=5,
    outage_s=15,
    # At 12, 24 ... 288 s. The last one of the slow issuer has come at 293 s; the next would be due at 300 s.
    renewals=24,
    # At 12 s, and the endpoint is down until 27 s: fails at 24, 25 (after 1 s) and 26.75 s (a quarter of the 7 s that
    # are left), succeeds at 28.06 s (a quarter of 5.25 s), then every 12 s: 40.06 ... 292.06 s are 22 more.
    renewals_with_outage=24,
    failed_in_outage=3,
)
SERVERS = ["steady", "ahead", "behind", "slow", "down"]


@pytest.fixture
def issuers():
    """Each server with an issuer of its own, by name."""
    started = {name: AuthServers() for name in SERVERS}
    yield started
    for each in started.values():
        each.end()


def configure(swarm, servers, *keys):
    """
    :param servers: by name
    :param keys: the same for all servers: those of `auth`, and then others
    """
    entries = "".join(f"  {name}: {each.entry(*keys)}\n" for name, each in servers.items())
    swarm.configure(f"servers:\n{entries}")


ONE_CLIENT = "clientId: client-0, clientSecret: { env: CLIENT_SECRET }"


def locust(swarm, users, *options, servers=("protected",), **environ):
    environ = {"TEST_SERVERS": " ".join(servers), "CLIENT_SECRET": AuthServers.secret_of(0), **environ}
    head = ("--headless", "--only-summary", "--json", "-u", str(users), "-r", str(users))
    return swarm.locust(*head, *options, text=LOCUSTFILE, environ=environ)


@pytest.mark.parametrize("plan", [SHORT, pytest.param(LONG, marks=pytest.mark.long)], ids=["short", "five minutes"])
def test_a_run_outlives_its_tokens_and_no_call_fails_or_waits(plan, issuers, swarm):
    for each in issuers.values():
        each.tell(oauth={"lifeS": plan.life_s})
    issuers["ahead"].tell(oauth={"clockAheadMs": 600_000})
    issuers["behind"].tell(oauth={"clockAheadMs": -600_000})
    issuers["slow"].tell(oauth={"delayMs": plan.slow_s * 1000})
    configure(swarm, issuers, ONE_CLIENT)
    process = locust(swarm, USERS * len(SERVERS), "-t", f"{plan.run_s}s", servers=SERVERS)
    take_down(issuers["down"], plan.outage_s)
    code = process.wait(limit_s=plan.run_s + 60)

    record = swarm.record()
    failed = {name: one["outcomes"] for name, one in record["operations"].items() if one["failures"]}
    assert failed == {}, process.said()
    assert code == 0
    sound = {("token", "ok"): 1, ("renewal", "ok"): plan.renewals}
    expected = dict.fromkeys(SERVERS, sound)
    # Every user of the server waited for the first token, and nobody for any other.
    expected["down"] = {
        ("token", "ok"): 1,
        ("renewal", "ok"): plan.renewals_with_outage,
        ("renewal", "auth"): plan.failed_in_outage,
    }
    assert {name: auth_of(record, name) for name in SERVERS} == expected
    for name, each in issuers.items():
        counts = each.tell()
        assert counts["oauth"]["issued"] == 1 + expected[name]["renewal", "ok"], name
        # No request came with a token that had ended or was somebody else's; without one came only the question of how
        # the server is authorized. A failure does not ask it again: a server under load is not needed for a renewal.
        refused = [counts["mcp"][key] for key in ("absent", "invalid", "insufficient", "strangers")]
        assert refused == [1, 0, 0, 0], name
        assert counts["mcp"]["calls"] == record["operations"][f"{name}:tools/call:whoami"]["count"] > USERS * plan.run_s

    said = process.output + process.said()
    assert f"{plan.renewals_with_outage} renewals" in said
    failures = f"{plan.failed_in_outage} renewal{'s' if plan.failed_in_outage > 1 else ''} failed"
    assert said.count("renewal failed") + said.count("renewals failed") == 1
    assert failures in said
    assert "the token could not be renewed" in said
    assert "the token could be renewed again" in said
    # Locust shows what auth did, and counts it for nothing.
    shown = process.counts()
    renewals = {f"{name}:auth/renewal" for name in SERVERS}
    assert {name: found for name, found in shown.items() if ":auth/" not in name} == as_locust_counts(record)
    assert renewals <= shown.keys()


def take_down(issuer: AuthServers, outage_s: "float | None") -> None:
    """Lets the token endpoint be down from just after the first renewal."""
    until(lambda: issuer.asked() >= 2, limit_s=60)
    issuer.tell(oauth={"outage": "reset"})
    if outage_s is None:
        until(lambda: issuer.asked() >= 3)
    else:
        time.sleep(outage_s)
    issuer.tell(oauth={"outage": "none"})


@pytest.fixture
def servers(request):
    """`indirect` parameters are options."""
    started = AuthServers(500, *getattr(request, "param", ()))
    yield started
    started.end()


# Ten thousand TLS handshakes at once would be a test of two cores, not of tokens.
@pytest.mark.parametrize(
    ("users", "servers"),
    [(500, ()), pytest.param(10_000, ("plain",), marks=pytest.mark.long)],
    indirect=["servers"],
    ids=["500", "10000"],
)
def test_any_number_of_sessions_opened_at_once_is_one_token_request(users, servers, swarm):
    # On two cores they stand in line, which is not what is tested.
    patient = "limits: { connect: 10m, initialize: 10m, call: 10m, close: 10m }"
    configure(swarm, {"protected": servers}, ONE_CLIENT, patient)
    # Calls are not what it is about: one an hour.
    process = locust(swarm, users, TEST_PAUSE_S="3600")
    limit_s = 30 + users / 20
    until(lambda: servers.tell()["mcp"]["calls"] == users, limit_s)
    counts = servers.tell()
    assert (counts["mcp"]["sessions"], counts["mcp"]["absent"], counts["mcp"]["invalid"]) == (users, 1, 0)
    assert (counts["oauth"]["token"], counts["oauth"]["issued"]) == (1, 1)
    process.signal_group(signal.SIGINT)
    process.wait(limit_s)
    record = swarm.record()
    assert auth_of(record, "protected") == {("token", "ok"): 1}
    assert outcomes(record)["protected:initialize", "ok"] == users


@pytest.mark.parametrize("users", [60, pytest.param(500, marks=pytest.mark.long)])
def test_each_user_has_an_identity_of_its_own_and_keeps_it_over_a_lost_session(users, servers, swarm):
    rows = "".join(f"client-{number},SECRET_{number}\n" for number in range(users))
    (swarm.folder / "identities.csv").write_text(f"clientId,clientSecret.env\n{rows}")
    secrets = "".join(f"SECRET_{number}={AuthServers.secret_of(number)}\n" for number in range(users))
    (swarm.folder / ".env").write_text(secrets)
    configure(swarm, {"protected": servers}, "identities: { csv: identities.csv }")
    process = locust(swarm, users, TEST_IDENTITIES=str(users), TEST_PAUSE_S="1")

    def calls_of_all(more_than):
        calls = servers.tell()["mcp"]["callsOf"]
        return len(calls) == users and all(calls[client] > more_than.get(client, 0) + 1 for client in calls) and calls

    before = until(lambda: calls_of_all({}), limit_s=60)
    servers.tell(forget=True)
    until(lambda: calls_of_all(before), limit_s=60)
    process.signal_group(signal.SIGINT)
    process.wait(limit_s=60)

    counts = servers.tell()
    assert counts["mcp"]["sessions"] == 2 * users
    assert counts["oauth"]["token"] == users
    assert counts["oauth"]["issuedTo"] == {f"client-{number}": 1 for number in range(users)}
    assert [counts["mcp"][key] for key in ("absent", "invalid", "strangers")] == [1, 0, 0]
    record = swarm.record()
    counted = outcomes(record)
    # Its user compares what the server says with the identity that its number stands for: that would be `assertion`.
    assert {outcome for _, outcome in counted} <= {"ok", "session-lost", "cancelled"}
    assert counted["protected:tools/call:whoami", "session-lost"] == users
    assert auth_of(record, "protected") == {("token", "ok"): users}
