"""Lines over one socket: one greenlet writes everything that is queued at once, one reads. Knows nothing of JSON."""

import socket
from contextlib import suppress
from typing import Callable, List

import gevent
from gevent.event import Event

READ_BYTES = 256 * 1024
# The bridge cannot make a line as long: its texts end at 512 million characters. What is longer is no line of its.
MAX_LINE_BYTES = 2 * 1024**3


class LineStream:
    """
    :param hear: called in the reader greenlet with each line, without its end; must not block and must not raise
    :param over: called once, in the reader greenlet, after end of file or an error of the socket
    """

    def __init__(self, sock: socket.socket, hear: Callable[[bytes], None], over: Callable[[], None]) -> None:
        self._socket = sock
        self._hear = hear
        self._over = over
        self._queue: List[bytes] = []
        self._has_queue = Event()
        self._writer = gevent.spawn(self._write)
        self._reader = gevent.spawn(self._read)

    def send(self, line: bytes) -> None:
        """Queues a line (with its end). Several greenlets in one `sendall` would be refused by gevent."""
        self._queue.append(line)
        if len(self._queue) == 1:
            self._has_queue.set()

    def close(self) -> None:
        """The reader then sees end of file and calls `over`."""
        with suppress(OSError):  # the other side was faster
            self._socket.shutdown(socket.SHUT_RDWR)

    def _write(self) -> None:
        try:
            while True:
                self._has_queue.wait()
                self._has_queue.clear()
                batch = b"".join(self._queue)
                self._queue.clear()
                self._socket.sendall(batch)
        except OSError:
            self.close()

    def _read(self) -> None:
        parts: List[bytes] = []
        size = 0
        hear = self._hear
        try:
            while size < MAX_LINE_BYTES:
                data = self._socket.recv(READ_BYTES)
                if not data:
                    break
                size += len(data)
                if b"\n" not in data:
                    # Joined only at the line's end, and once: a body of many megabytes is here twice at most.
                    parts.append(data)
                    continue
                if parts:
                    head, data = data.split(b"\n", 1)
                    parts.append(head)
                    line = b"".join(parts)
                    parts.clear()
                    hear(line)
                    del line
                *lines, rest = data.split(b"\n")
                for line in lines:
                    hear(line)
                size = len(rest)
                if rest:
                    parts.append(rest)
        except OSError:
            pass  # a reset is one more way in which the other side ends
        finally:
            self._writer.kill(block=False)
            self._socket.close()
            self._over()
