"""
An engine of Azure Load Testing, as a process finds itself there: one of several, each with a Locust of its own that
knows nothing of the others, and perhaps nothing that it may write to but a folder for temporary files.
"""

import contextlib
import logging
import os
import platform
import tempfile
from pathlib import Path
from typing import Any, Dict, MutableMapping, NamedTuple, Optional, Tuple
from zlib import crc32

import locust

# An entry of the test's environment: `swarmbridge azure yaml` writes how many engines there are.
COUNT_VARIABLE = "SWARMBRIDGE_ENGINES"
# Azure documents no variable that numbers an engine, and a guess would be worse than nothing. `swarmbridge azure
# rehearse` sets this one; so may whoever knows more.
NUMBER_VARIABLE = "SWARMBRIDGE_ENGINE"
RESULTS_VARIABLE = "SWARMBRIDGE_RESULTS"
UNKNOWN = "unknown"

logger = logging.getLogger("swarmbridge")


class Engine(NamedTuple):
    """
    :ivar count: how many engines the run has, 1 or more
    :ivar number: this one's, from 1; None when nobody says
    """

    count: int
    number: Optional[int]

    @property
    def share(self) -> Tuple[int, int]:
        """
        Index and number of the shares that the run begins with, of limits and identities. An engine that does not know
        its number uses all the identities, as every other one does.
        """
        if self.number and self.number <= self.count:
            return self.number - 1, self.count
        return 0, 1

    @property
    def share_of_limits(self) -> Tuple[int, int]:
        """Without a number the smallest share: all engines together stay within the limits of the run."""
        return self.share if self.share != (0, 1) else (0, self.count)

    def share_of_load(self, run: str) -> Tuple[int, int]:
        """
        Of planned starts. Without a number one by chance: whichever engines have the same, the rate in all is right.

        :param run: name of the run, another one on each engine
        """
        return self.share if self.share != (0, 1) else (crc32(run.encode()) % self.count, self.count)

    def plan(self) -> Dict[str, Optional[int]]:
        """For the record of the run."""
        return {"engines": self.count, "engine": self.number}

    def found(self, node: str, users: Any, record: str) -> str:
        """
        One line about what is here. It has to be logged as a warning: Azure keeps nothing below.

        :param record: where the record lies, or why there is none
        """
        programs = f"Python {platform.python_version()}, Locust {locust.__version__}, Node.js {node}"
        return f"Engine {self.number or UNKNOWN} of {self.count}: {programs}; {_or_unknown(users)} users here; {record}"


def engine_here(environ: "MutableMapping[str, str]" = os.environ) -> Optional[Engine]:
    """
    None anywhere but on an engine. An engine leaves `autoStop` to Azure and may put records elsewhere, so nothing but a
    number of engines makes one.
    """
    text = environ.get(COUNT_VARIABLE)
    count = _number(text)
    if count:
        return Engine(count, _number(environ.get(NUMBER_VARIABLE)))
    if text:
        logger.warning("%s holds no number of engines, so this is not taken for one. Unset it.", COUNT_VARIABLE)
    return None


def place_results(environ: "MutableMapping[str, str]" = os.environ) -> None:
    """
    Names a folder for the records that can be written: `results/` where Locust was started, or else one among the
    temporary files. A folder that is named already stays, and so does everything when nothing can be written: then the
    bridge says so.
    """
    if environ.get(RESULTS_VARIABLE) or _can_write_in(Path("results")):
        return
    with contextlib.suppress(OSError):
        environ[RESULTS_VARIABLE] = tempfile.mkdtemp(prefix="swarmbridge-results-")


def _can_write_in(folder: Path) -> bool:
    """Tried, and not asked for: what the rights say is not what a read-only file system does."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _number(text: Optional[str]) -> Optional[int]:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else None


def _or_unknown(value: Any) -> Any:
    return UNKNOWN if value is None else value
