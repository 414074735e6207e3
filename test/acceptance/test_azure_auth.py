"""
Runs whose tokens come from Azure: the real clients of the bridge's bundle, and Entra, IMDS and Key Vault on this
machine. How often each of them must be asked is worked out here by hand, from what docs/auth.md says: a token is
renewed when 60 % of its life are over, counted from the moment it was asked for.
"""

import signal
from pathlib import Path

import pytest

from azure_servers import AzureServers
from canaries import Canaries, files_under
from locust_process import until
from run_records import auth_of, outcomes

pytestmark = pytest.mark.bridge

LOCUSTFILE = Path(__file__).with_name("auth_locustfile.py").read_text()
USERS = 4


@pytest.fixture
def azure():
    started = AzureServers()
    yield started
    started.end()


def locust(swarm, azure, strategies, *options):
    """
    A run of some users for each server; the client's secret stands in ``.env`` alone.

    :param strategies: by server
    """
    entries = "".join(f"  {name}: {azure.entry(auth)}\n" for name, auth in strategies.items())
    swarm.configure(f"servers:\n{entries}")
    (swarm.folder / ".env").write_text(f"AZURE_CLIENT_SECRET={azure.client_secret}\n")
    users = str(USERS * len(strategies))
    environ = {"TEST_SERVERS": " ".join(strategies), "AZURE_LOG_LEVEL": "verbose", **azure.environ}
    head = ("--headless", "--only-summary", "--csv", "out", "-u", users, "-r", users)
    return swarm.locust(*head, *options, text=LOCUSTFILE, environ=environ)


def assert_sound(swarm, azure, process):
    """
    No call failed, none was lost or counted twice, and nothing that was written or shown has a secret in it.

    :returns: the record, and what the servers have counted
    """
    record, counts = swarm.record(), azure.tell()
    assert {outcome for _, outcome in outcomes(record)} == {"ok"}, process.said()
    calls = sum(one["count"] for name, one in record["operations"].items() if name.endswith("tools/call:whoami"))
    assert counts["mcp"]["calls"] == calls
    canaries = Canaries()
    canaries.add("client secret", azure.client_secret)
    for number, token in enumerate(counts["tokens"]):
        canaries.add(f"token {number}", token)
    for number, secret in enumerate(azure.secrets):
        canaries.add(f"secret {number}", secret)
    said = [("stdout", process.output.encode()), *files_under(swarm.folder, [swarm.folder / ".env"])]
    assert canaries.found_in(said) == set()
    assert "azure:" in process.said(), "the libraries were not debugged"
    return record, counts


def test_a_secret_that_is_rotated_in_the_run_is_read_again_and_fails_no_call(swarm, azure):
    azure.put("mcp-token")
    process = locust(swarm, azure, {"protected": azure.vault("mcp-token")})
    until(lambda: azure.tell()["mcp"]["calls"] > 100)
    azure.put("mcp-token")
    until(lambda: azure.tell()["mcp"]["invalid"] > 0)
    calls = azure.tell()["mcp"]["calls"]
    until(lambda: azure.tell()["mcp"]["calls"] > calls + 100)
    process.signal_group(signal.SIGINT)
    assert process.wait() == 0, process.said()

    record, counts = assert_sound(swarm, azure, process)
    # Two versions of the secret, and the vault's own token, which lives an hour, for both.
    assert (counts["reads"], counts["tokenRequests"]) == (2, 1)
    # Each user had at most one call on the way when the old one ended, and all of them waited for the same new one.
    refused = counts["mcp"]["invalid"]
    assert 1 <= refused <= USERS
    assert auth_of(record, "protected") == {("token", "ok"): 2, ("401", "ok"): refused}
    assert [counts["mcp"][key] for key in ("absent", "insufficient", "strangers")] == [0, 0, 0]


def test_tokens_of_entra_are_renewed_in_time_wherever_they_come_from(swarm, azure):
    azure.tell(lifeSeconds=5)
    strategies = {
        "given": f"{{ strategy: entra, scope: api://mcp/.default, {azure.credential} }}",
        "found": f"{{ strategy: entra, {azure.credential} }}",
        "machine": "{ strategy: entra, scope: api://mcp/.default, credential: { use: managed-identity } }",
    }
    process = locust(swarm, azure, strategies, "-t", "14s")
    assert process.wait() == 0, process.said()

    record, counts = assert_sound(swarm, azure, process)
    # At 3, 6, 9 and 12 s.
    sound = {("token", "ok"): 1, ("renewal", "ok"): 4}
    assert {name: auth_of(record, name) for name in strategies} == dict.fromkeys(strategies, sound)
    assert counts["tokenRequests"] == 2 * 5
    assert counts["identityRequests"] == 5
    # The one request without a token asked which scope the server wants; no token that came had ended.
    refused = [counts["mcp"][key] for key in ("absent", "invalid", "insufficient", "strangers")]
    assert refused == [1, 0, 0, 0]
    assert "the server's scope was found: pin it with scope: https://127.0.0.1/.default" in process.said()
