"""HdrHistogram's log (format 1.3, V2 compressed), read without the project's own code."""

import base64
import math
import struct
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import DefaultDict, Iterator, Tuple

COMPRESSED_COOKIE = 0x1C849314
COOKIE = 0x1C849313
HEAD = struct.Struct(">iiiiqqd")
# 3 significant digits: 2 * 10**3 sub-buckets, rounded up to a power of two.
HALF_BITS = 10


def times_of(logs: "list[Path]") -> DefaultDict[str, Counter]:
    """:returns: by tag: how many times there were, by the largest value in µs that counts as equal"""
    times: DefaultDict[str, Counter] = defaultdict(Counter)
    for log in logs:
        for line in log.read_text().splitlines():
            if line.startswith("Tag="):
                tag, _, _, _, histogram = line[len("Tag=") :].split(",")
                times[tag].update(dict(_counts(histogram)))
    return times


def percentile(times: Counter, percent: float) -> int:
    """The smallest value that at least so many are not above."""
    rank = max(1, math.ceil(percent / 100 * sum(times.values()) - 1e-6))
    for value in sorted(times):
        rank -= times[value]
        if rank <= 0:
            return value
    raise ValueError("there are no times")


def _counts(text: str) -> Iterator[Tuple[int, int]]:
    raw = base64.b64decode(text)
    cookie, length = struct.unpack(">ii", raw[:8])
    assert cookie == COMPRESSED_COOKIE
    body = zlib.decompress(raw[8 : 8 + length])
    inner, length, _, digits, lowest, _, _ = HEAD.unpack(body[: HEAD.size])
    assert (inner, digits, lowest) == (COOKIE, 3, 1)
    index = at = 0
    while at < length:
        number, at = _varint(body, HEAD.size, at)
        if number < 0:
            index -= number  # so many empty buckets
            continue
        if number:
            yield _largest(index), number
        index += 1


def _varint(body: bytes, base: int, at: int) -> Tuple[int, int]:
    """ZigZag LEB128; the ninth byte has eight bits."""
    value = shift = 0
    while True:
        byte = body[base + at]
        at += 1
        if shift == 56:
            value |= byte << shift
            break
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            break
        shift += 7
    return (value >> 1) ^ -(value & 1), at


def _largest(index: int) -> int:
    bucket = (index >> HALF_BITS) - 1
    sub = (index & ((1 << HALF_BITS) - 1)) + (1 << HALF_BITS)
    if bucket < 0:
        sub -= 1 << HALF_BITS
        bucket = 0
    return ((sub + 1) << bucket) - 1
