"""
A bridge for tests: speaks docs/link-protocol.md, and instead of MCP does what `FAKE_BRIDGE` (a JSON file) says. Every
operation that it ends is one line in `ended.jsonl` beside that file, written before the answer, so that a test can
compare what was counted here with what was counted there, whoever was killed.

A tool's name is its behaviour: see TOOLS. With each call of `look` it says the facts of `auth`.
"""

import argparse
import asyncio
import json
import os
import socket
import sys
import time
from pathlib import Path

CONFIG_FILE = Path(os.environ["FAKE_BRIDGE"])
CONFIG = json.loads(CONFIG_FILE.read_text())
FOLDER = CONFIG_FILE.parent

# name of the tool: reason (None for a success), delay in seconds (None: never answers)
TOOLS = {
    "slow": (None, 1.0),
    "never": (None, None),
    "broken": ("tool-error", 0.0),
    "lost": ("session-lost", 0.0),
    "lost-late": ("session-lost", 0.3),
    "limited": ("http-429", 0.0),
}
TEXTS = {"tool-error": "the tool answered isError", "http-429": "HTTP 429, rate limited"}


def log(file_name, **fields):
    with (FOLDER / file_name).open("a") as file:
        file.write(json.dumps(fields) + "\n")


def count(file_name):
    return len((FOLDER / file_name).read_text().splitlines())


def now_ms():
    # Not Locust's clock, so that a missing conversion shows.
    return time.monotonic() * 1000 + 5_000_000


class Bridge:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.run = ""
        self.sessions = {}
        self.under_way = {}
        self.opens = 0

    async def serve(self):
        while True:
            line = await self.reader.readline()
            if not line:
                log("lines.jsonl", op="eof", pid=os.getpid())
                return
            message = json.loads(line)
            if message["op"] not in ("users", "clock", "call", "open", "close"):
                log("lines.jsonl", **message)
            if message["op"] == "quit":
                return
            getattr(self, "hear_" + message["op"])(message)

    def say(self, *lines):
        self.writer.write(b"".join(json.dumps(line).encode() + b"\n" for line in lines))

    def hear_hello(self, message):
        if "refuse" in CONFIG:
            self.say({"op": "error", "code": "CONFIG", "message": CONFIG["refuse"], "exitCode": 3})
            return
        settings = CONFIG["settings"]
        hello = {"op": "hello", "v": CONFIG.get("v", 1), "nowMs": now_ms(), "version": "0.0.0", "pid": os.getpid()}
        self.say({**hello, "node": CONFIG.get("node", "0.0.0"), "settings": settings})

    def hear_clock(self, message):
        self.say({"op": "clock", "id": message["id"], "nowMs": now_ms()})

    def hear_start(self, message):
        if "refuseStart" in CONFIG:
            error = {
                "op": "error",
                "id": message["id"],
                "code": CONFIG.get("refuseStartCode", "DISK"),
                "message": CONFIG["refuseStart"],
                "exitCode": 3,
            }
            self.say(error)
            return
        if "dieOnResume" in CONFIG and message["tally"] is not None and count("started.jsonl") == 2:
            os._exit(1)
        self.run = message["run"]
        folder = FOLDER / "results" / self.run
        if message["part"]:
            folder = folder / "parts" / message["part"]
        folder.mkdir(parents=True, exist_ok=True)
        self.say({"op": "start", "id": message["id"], "dir": str(folder)})

    def hear_stop(self, message):
        self.say({"op": "stop", "id": message["id"], "dir": str(FOLDER / "results" / self.run)})

    def hear_share(self, message):
        pass

    def hear_users(self, message):
        pass

    def hear_arrivals(self, message):
        pass

    def hear_turn(self, message):
        pass

    def hear_live(self, message):
        self.say({"op": "live", "id": message["id"], "live": CONFIG.get("live")})

    def hear_mark(self, message):
        pass

    def hear_arguments(self, message):
        fault = message["schema"].get("fault")
        if fault:
            self.say({"op": "error", "id": message["id"], "code": "ARGUMENTS_NONE", "message": fault})
            return
        made = [{"made": message["seed"] + number} for number in range(message["count"])]
        self.say({"op": "arguments", "id": message["id"], "arguments": made})

    def hear_cancel(self, message):
        timer = self.under_way.pop(message["id"], None)
        if timer:
            timer[0].cancel()
            self.end({"id": message["id"]}, timer[1], "cancelled")

    def hear_open(self, message):
        self.opens += 1
        log("opens.jsonl", session=message["session"], server=message["server"], user=message.get("user"))
        failing = CONFIG.get("failOpens", 0)
        name = f"{message['server']}:initialize"
        if CONFIG.get("hold", 0):
            CONFIG["hold"] -= 1
            self.say({"end": message["id"], "held": True, "retryMs": 50})
        elif self.opens > CONFIG.get("goodOpens", self.opens):
            self.end(message, name, "connect")
        elif failing:
            CONFIG["failOpens"] -= 1
            self.end(message, name, "connect")
        else:
            self.sessions[message["session"]] = message["server"]
            self.end(message, name, None)

    def hear_call(self, message):
        server = self.sessions.get(message["session"], "unknown")
        target = message.get("as") or message["params"].get("name")
        name = f"{server}:{message['method']}" + (f":{target}" if target else "")
        for fact in CONFIG.get("auth", []) if target == "look" else []:
            self.say({"op": "auth", **fact})
        reason, delay = TOOLS.get(message["params"].get("name"), (None, CONFIG.get("delayS", 0)))
        if server == "unknown":
            reason = "session-lost"
        if reason == "session-lost":
            self.sessions.pop(message["session"], None)
        if delay == 0:
            self.end(message, name, reason)
        elif delay is not None:
            timer = asyncio.get_running_loop().call_later(delay, self.end, message, name, reason)
            self.under_way[message["id"]] = (timer, name)
        else:
            self.under_way[message["id"]] = (asyncio.get_running_loop().call_later(1e6, print), name)

    def hear_close(self, message):
        if message["session"] not in self.sessions:
            self.say({"end": message["id"], "name": None, "ok": True, "responseMs": 0, "bytes": 0, "endMs": now_ms()})
            return
        name = f"{self.sessions.pop(message['session'])}:session/delete"
        asyncio.get_running_loop().call_later(CONFIG.get("deleteS", 0), self.end, message, name, None)

    def end(self, message, name, reason):
        self.under_way.pop(message["id"], None)
        if not CONFIG.get("isFast"):
            log(
                "ended.jsonl",
                name=name,
                outcome=reason or "ok",
                pid=os.getpid(),
                at=message.get("at"),
                late=message.get("late"),
                burst=message.get("burst"),
                waited=message.get("waited"),
            )
        at = message.get("at") or now_ms()
        end = {"end": message["id"], "name": name, "ok": reason is None, "bytes": 42, "endMs": now_ms()}
        end.update(serviceMs=12.345, responseMs=max(12.345, now_ms() - at), firstEventMs=10.0)
        if name.endswith(":repeated"):
            end.update(repeated=True)
        if reason:
            end.update(reason=reason, text=TEXTS.get(reason, reason), detail=f"about {message['id']}")
        if reason == "http-429":
            end.update(code=429, retryAfterMs=1500)
        if message.get("op") == "call" and message.get("body", True) and reason in (None, "tool-error"):
            self.say({**end, "body": True}, self.result(message))
        else:
            self.say(end)

    def result(self, message):
        if message["method"] == "tools/list":
            look = {"name": "look", "annotations": {"readOnlyHint": True}, "inputSchema": {}}
            return {"tools": CONFIG.get("tools", [look])}
        text = "x" * 3_000_000 if message["params"].get("name") == "big" else json.dumps(message["params"])
        return {"content": [{"type": "text", "text": text}], "structuredContent": {"said": message["params"]}}


async def main(arguments):
    if arguments.connect:
        secret = sys.stdin.readline().strip()
        reader, writer = await asyncio.open_connection("127.0.0.1", arguments.connect)
        writer.write(json.dumps({"op": "secret", "secret": secret}).encode() + b"\n")
    else:
        stream = socket.socket(fileno=arguments.fd)
        reader, writer = await asyncio.open_connection(sock=stream, limit=16 * 1024 * 1024)
    log("started.jsonl", pid=os.getpid())
    if CONFIG.get("dieAtOnce"):
        return
    await Bridge(reader, writer).serve()
    await writer.drain()
    writer.close()


def tool(name, rest):
    if name == "describe":
        if "refuse" in CONFIG:
            print(CONFIG["refuse"], file=sys.stderr)
            sys.exit(3)
        print(json.dumps(CONFIG["settings"]))
    if name == "finish":
        facts = json.loads(sys.stdin.read())
        log("finished.jsonl", folder=rest[0], **facts)
        print("SUMMARY OF", rest[0])


if __name__ == "__main__":
    if sys.argv[1] in ("describe", "finish"):
        tool(sys.argv[1], sys.argv[2:])
        sys.exit()
    parser = argparse.ArgumentParser()
    parser.add_argument("--fd", type=int)
    parser.add_argument("--connect", type=int)
    asyncio.run(main(parser.parse_args()))
