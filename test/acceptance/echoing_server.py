"""
An MCP server that is a secret's worst enemy: whatever it is sent (headers, path, query, body) it says again, in every
place where a server can say something, as it came and in other forms. It is an OAuth token endpoint, too. A program of
its own; prints its URL, and appends a line to the journal for each request: where it came to, and a digest of each
secret that may have come with it.
"""

import argparse
import base64
import hashlib
import json
import sys
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

SESSION = "mcp-session-id"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self):
        self.body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.note()
        if self.path.startswith("/token"):
            self.give_token()
            return
        message = json.loads(self.body)
        method, id_ = message.get("method"), message.get("id")
        if method == "initialize":
            self.result(id_, self.hello(message), {SESSION: hashlib.sha256(self.body).hexdigest()})
        elif id_ is None:
            self.answer(202)
        elif method == "tools/list":
            tools = [{"name": self.echo(), "description": self.echo(), "inputSchema": {"type": "object"}}]
            self.result(id_, {"tools": tools})
        elif method == "tools/call":
            getattr(self, message["params"]["name"].partition("?")[0], self.text)(id_)
        else:
            # Also `server/discover`, the probe of the stateless era: the client falls back.
            self.error(id_)

    def do_GET(self):
        self.body = b""
        self.note()
        self.answer(405, self.echo())

    def do_DELETE(self):
        self.do_GET()

    # The tools, each a way to say it.

    def text(self, id_):
        self.result(id_, {"content": [{"type": "text", "text": self.echo()}], "structuredContent": {self.echo(): 1}})

    def tool_error(self, id_):
        self.result(id_, {"isError": True, "content": [{"type": "text", "text": self.echo()}]})

    def error(self, id_):
        self.send_json({"jsonrpc": "2.0", "id": id_, "error": {"code": -32601, "message": self.echo()}})

    def stream(self, id_):
        log = {"jsonrpc": "2.0", "method": "notifications/message", "params": {"level": "info", "data": self.echo()}}
        end = {"jsonrpc": "2.0", "id": id_, "result": {"content": [{"type": "text", "text": self.echo()}]}}
        events = "".join(f"id: {one}\ndata: {json.dumps(one)}\n\n" for one in (log, end))
        self.answer(200, events, {"content-type": "text/event-stream"})

    def broken_stream(self, id_):
        self.answer(200, f"event: {self.echo()}\ndata: {self.echo()}\n\n", {"content-type": "text/event-stream"})

    def no_json(self, id_):
        self.answer(200, self.echo(), {"content-type": "application/json"})

    def strange_type(self, id_):
        self.answer(200, self.echo(), {"content-type": self.echo()})

    def unauthorized(self, id_):
        self.answer(401, self.echo(), {"www-authenticate": self.challenge()})

    def forbidden(self, id_):
        self.answer(403, self.echo(), {"www-authenticate": self.challenge("insufficient_scope")})

    def failing(self, id_):
        self.answer(500, self.echo())

    def long_failing(self, id_):
        """Where the client cuts it off, it must not cut a secret in two and show the first half."""
        self.answer(500, self.echo() * 2000)

    def redirect(self, id_):
        query = urllib.parse.urlencode({"said": self.echo()})
        self.answer(307, self.echo(), {"location": f"{self.server.elsewhere}/mcp?{query}"})

    def cut(self, id_):
        self.answer(200, self.echo(), {"content-type": "application/json", "content-length": "99999"})
        self.close_connection = True

    def slow(self, id_):
        """Answered never: the bridge is to be killed over it."""
        self.rfile.read(1)

    # What it says.

    def hello(self, message):
        return {
            "protocolVersion": message["params"]["protocolVersion"],
            "capabilities": {"tools": {}},
            "serverInfo": {"name": self.echo(), "version": self.echo()},
            "instructions": self.echo(),
        }

    def echo(self) -> str:
        """On one line, so that it fits into a header."""
        said = [self.path, urllib.parse.unquote(self.path), *self.headers.values()]
        tokens = [self.headers.get("authorization", " ").partition(" ")[2], self.headers.get("x-api-key", "")]
        for token in filter(None, tokens):
            raw = token.encode()
            said += [base64.b64encode(b"client:" + raw).decode(), base64.urlsafe_b64encode(raw).decode()]
            said += [urllib.parse.quote(token, safe=""), json.dumps(token)]
        if self.path.startswith("/token"):
            said += [self.body.decode(), urllib.parse.unquote_plus(self.body.decode())]
            with_basic = self.headers.get("authorization", "").partition("Basic ")[2]
            said += [base64.b64decode(with_basic).decode()]
        return " | ".join(said)

    def challenge(self, error: str = "invalid_token") -> str:
        return f'Bearer error="{error}", error_description={json.dumps(self.echo())}, scope={json.dumps(self.echo())}'

    def give_token(self):
        """The secret of the client is the token: so that what goes back to the MCP server can be told from the rest."""
        if b"refuse" in self.body:
            self.send_json({"error": "invalid_client", "error_description": self.echo()}, 401)
        else:
            token = self.server.token
            self.send_json({"access_token": token, "token_type": "Bearer", "expires_in": 3600, "said": self.echo()})

    def result(self, id_, result, headers=None):
        self.send_json({"jsonrpc": "2.0", "id": id_, "result": result}, 200, headers)

    def send_json(self, value, status=200, headers=None):
        self.answer(status, json.dumps(value), {"content-type": "application/json", **(headers or {})})

    def answer(self, status, text="", headers=None):
        body = text.encode()
        self.send_response(status)
        for name, value in {"content-length": str(len(body)), "x-said": self.echo(), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def note(self):
        texts = [*urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query).get("key", [])]
        texts += [self.headers.get("authorization", "").partition(" ")[2], self.headers.get("x-api-key", "")]
        seen = [hashlib.sha256(text.encode()).hexdigest() for text in texts if text]
        line = json.dumps({"port": self.server.server_port, "path": self.path.partition("?")[0], "seen": seen})
        with open(self.server.journal, "a") as journal:
            journal.write(f"{line}\n")

    def log_message(self, *_):
        """The journal is enough."""


class Server(ThreadingHTTPServer):
    """
    :ivar elsewhere: URL of another one, to which it redirects
    :ivar token: what it gives as OAuth server
    """

    daemon_threads = True
    journal = ""
    elsewhere = ""
    token = ""

    def handle_error(self, request, client_address):
        """Clients that go away in the middle are what the tests are about."""


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("journal")
    options = parser.parse_args()
    token = sys.stdin.readline().strip()
    servers = [Server(("127.0.0.1", 0), Handler) for _ in range(2)]
    urls = [f"http://127.0.0.1:{server.server_port}" for server in servers]
    for server, elsewhere in zip(servers, reversed(urls)):
        server.journal, server.elsewhere, server.token = options.journal, elsewhere, token
        Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(urls), flush=True)
    # Whoever started it closes its standard input, or is gone.
    sys.stdin.read()


main()
