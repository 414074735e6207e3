"""The counting server (counting-server.ts) as a process of its own, and what its journal says."""

import os
import subprocess
from collections import Counter
from pathlib import Path
from typing import List, Optional

from bridge_process import find_node

PROGRAM = Path(__file__).with_name("counting-server.ts")


class CountingServer:
    """
    :ivar url: the same after a restart, and the journal goes on
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.url = ""
        self._journal = folder / "journal"
        self._options = options
        self._process: "Optional[subprocess.Popen[str]]" = None
        self.start()

    def start(self) -> None:
        port: List[str] = ["--port", self.url.split(":")[2].split("/")[0]] if self.url else []
        command = [find_node(os.environ), str(PROGRAM), "--journal", str(self._journal), *self._options, *port]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()
        assert self.url, "the counting server did not start"

    def kill(self) -> None:
        """Without a word to anybody, as a crash does."""
        if self._process:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def counts(self, event: str = "received") -> Counter:
        """
        :param event: ``received``, ``answered``, ``unanswered`` or ``refused``
        :returns: how often, by name: ``initialize``, ``tools/call:quick``, ``DELETE``
        """
        return Counter(line.partition(" ")[2] for line in self.journal() if line.startswith(f"{event} "))

    def journal(self) -> List[str]:
        """One line for each event, in the order in which they happened."""
        return self._journal.read_text().splitlines() if self._journal.exists() else []
