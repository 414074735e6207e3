"""An authorization server and an MCP server that wants its tokens (test/fakes/oauth-main.ts), as one process."""

from fake_servers import FakeServers


class AuthServers(FakeServers):
    """
    :param clients: how many the issuer knows: ``client-0`` and so on
    :param options: ``plain``: the MCP server speaks http
    """

    def __init__(self, clients: int = 1, *options: str) -> None:
        super().__init__("oauth-main.ts", str(clients), *options)

    @staticmethod
    def secret_of(number: int) -> str:
        return f"secret-of-client-{number}"

    def entry(self, auth: str, *more: str) -> str:
        """
        The value of a server in loadtest.yaml, in one line.

        :param auth: keys of the strategy, beside its name and the issuer
        :param more: other keys of the server
        """
        places = self.places()
        strategy = f"auth: {{ strategy: oauth, issuer: {places['issuer']!r}, {auth} }}"
        keys = [f"url: {places['url']}", "protocol: '2025-11-25'", f"tls: {{ ca: {places['ca']!r} }}", strategy, *more]
        return f"{{ {', '.join(keys)} }}"

    def asked(self) -> int:
        """How many requests the token endpoint has had."""
        return self.tell()["oauth"]["token"]
