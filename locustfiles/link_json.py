"""JSON as the link writes it: compact, ASCII, strict. Both directions pass here with every call, so both are fast."""

import json
import json.encoder
from typing import Any, Callable, Dict

_raw_decode = json.JSONDecoder().raw_decode


def _encoder() -> Callable[[Any], str]:
    # Python's own NaN is no JSON: one such line would end the link for all users.
    plain = json.JSONEncoder(separators=(",", ":"), allow_nan=False)
    make = getattr(json.encoder, "c_make_encoder", None)
    if make is None:
        return plain.encode
    # `JSONEncoder.encode` builds this object anew for every value, which takes as long as the encoding. No record of
    # the containers that are open (the first argument): an error would leave it dirty. Circles end in RecursionError.
    ascii_text = json.encoder.encode_basestring_ascii
    chunks = make(None, plain.default, ascii_text, None, ":", ",", False, False, False)
    return lambda value: "".join(chunks(value, 0))


_encode = _encoder()


def encode(value: Any) -> str:
    """
    :raises ValueError: when it holds NaN, an infinity or itself
    :raises TypeError: when it holds what JSON does not know
    """
    try:
        return _encode(value)
    except RecursionError as error:
        raise ValueError("the value holds itself, or lies too deep") from error


def decode(line: bytes) -> Dict[str, Any]:
    """
    :raises ValueError: when the line is anything but one JSON object, without blanks around it
    """
    text = line.decode()
    # Not `json.loads`: it guesses the encoding and looks for blanks at both ends.
    value, length = _raw_decode(text)
    if length != len(text) or not isinstance(value, dict):
        raise ValueError("not one JSON object")
    return value
