"""
When the kernel had received what a socket gives: Linux stamps each segment as it comes in, however late the program
reads it. Elsewhere the moment of the reading stands in, and ``HAS_KERNEL_STAMPS`` says so.
"""

import socket
import struct
import sys
import time
from typing import Tuple

_SO_TIMESTAMPNS = 35
_TIMESPEC = struct.Struct("qq")
_ANCILLARY_BYTES = 64
CHUNK_BYTES = 65_536

HAS_KERNEL_STAMPS = sys.platform == "linux" and sys.maxsize > 2**32


def ask_for_stamps(listener: socket.socket) -> None:
    """Accepted sockets inherit it, so that their first segment is stamped, too."""
    if HAS_KERNEL_STAMPS:
        listener.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)


def receive(connection: socket.socket) -> "Tuple[bytes, int]":
    """
    :returns: the bytes, and when the last of them had come, in ns of the wall clock, which is the kernel's for this
    """
    if not HAS_KERNEL_STAMPS:
        return connection.recv(CHUNK_BYTES), time.time_ns()
    data, ancillary, _, _ = connection.recvmsg(CHUNK_BYTES, _ANCILLARY_BYTES)
    for level, kind, stamp in ancillary:
        if level == socket.SOL_SOCKET and kind == _SO_TIMESTAMPNS:
            seconds, nanoseconds = _TIMESPEC.unpack(stamp[: _TIMESPEC.size])
            return data, seconds * 1_000_000_000 + nanoseconds
    return data, time.time_ns()
