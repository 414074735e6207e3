"""Secrets that are made up for one test, and the search for them in all that was written or shown."""

import base64
import secrets
import urllib.parse
from pathlib import Path
from typing import Dict, Iterable, List, Set, Tuple


class Canaries:
    """
    One secret for each place where a user may put one. None of them is like another anywhere, so that what is found
    tells where it came from.
    """

    def __init__(self) -> None:
        self.by_place: Dict[str, str] = {}

    def make(self, place: str) -> str:
        """Like a token: visible ASCII; some of it is written differently in a URL, and none in JSON or a header."""
        self.by_place[place] = f"canary/{secrets.token_hex(16)}+{secrets.token_hex(8)}=="
        return self.by_place[place]

    def add(self, place: str, secret: str) -> str:
        self.by_place[place] = secret
        return secret

    def found_in(self, shown: "Iterable[Tuple[str, bytes]]") -> Set[Tuple[str, str]]:
        """
        :param shown: names of what was written or shown, and its bytes
        :returns: pairs of what leaked and where it was found
        """
        forms = {place: _forms(secret) for place, secret in self.by_place.items()}
        return {
            (place, name)
            for name, said in shown
            for place, wanted in forms.items()
            if any(form in said for form in wanted)
        }


def _forms(secret: str) -> List[bytes]:
    """The middle is enough: whoever writes half a secret has written one."""
    forms = [secret[8:40], secret[-24:-4], urllib.parse.quote(secret, safe="")]
    for before in range(3):
        encoded = base64.b64encode(b"x" * before + secret.encode()).decode()[4:40]
        forms += [encoded, encoded.replace("+", "-").replace("/", "_")]
    return [form.encode() for form in forms]


def files_under(folder: Path, but: "Iterable[Path]" = ()) -> List[Tuple[str, bytes]]:
    """:param but: files into which the test itself has put a secret"""
    left_out = {path.resolve() for path in but}
    return [
        (str(path.relative_to(folder)), str(path.relative_to(folder)).encode() + b"\n" + path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.resolve() not in left_out
    ]
