"""Entra, IMDS, Key Vault and an MCP server that takes their tokens and secrets (test/fakes/azure-main.ts)."""

import secrets
from typing import Dict, List

from fake_servers import FakeServers


class AzureServers(FakeServers):
    """:ivar secrets: the values of all versions that were put into the vault"""

    def __init__(self) -> None:
        super().__init__("azure-main.ts")
        self.secrets: List[str] = []

    def put(self, name: str, value: str = "") -> None:
        """Adds a version of a secret to the vault; without a value, a new one."""
        self.secrets.append(value or secrets.token_urlsafe(40))
        self.tell(put={name: self.secrets[-1]})

    @property
    def client_secret(self) -> str:
        """What Entra knows the client by."""
        return self.places()["variables"]["environment"]["AZURE_CLIENT_SECRET"]

    @property
    def environ(self) -> Dict[str, str]:
        """
        Of a process whose Azure this is, without any secret: Azure's clients know no other way to a CA of one's own,
        nor to another IMDS.
        """
        places = self.places()
        client_id = places["variables"]["environment"]["AZURE_CLIENT_ID"]
        return {"NODE_EXTRA_CA_CERTS": places["caFile"], "AZURE_CLIENT_ID": client_id, **places["variables"]["imds"]}

    @property
    def credential(self) -> str:
        """The client of `environ`, in a strategy's keys. Its secret has to be in AZURE_CLIENT_SECRET."""
        places = self.places()
        who = f"tenantId: {places['variables']['environment']['AZURE_TENANT_ID']}"
        where = f"authorityHost: {places['urls']['entra']!r}, instanceDiscovery: false"
        return f"credential: {{ use: environment, {who}, {where} }}"

    def vault(self, secret: str, at: str = "") -> str:
        """
        :param at: another place than the vault's
        :returns: strategy for a secret in the vault, as the client
        """
        return f"{{ strategy: keyvault, vault: {at or self.url('keyVault')!r}, secret: {secret}, {self.credential} }}"

    def entry(self, auth: str) -> str:
        """
        The value of the MCP server in loadtest.yaml, in one line.

        :param auth: the strategy
        """
        tls = f"tls: {{ ca: {self.places()['mcpCaFile']!r} }}"
        return f"{{ url: {self.url('mcp')}, protocol: '2025-11-25', {tls}, auth: {auth} }}"

    def url(self, server: str) -> str:
        return self.places()["urls"][server]
