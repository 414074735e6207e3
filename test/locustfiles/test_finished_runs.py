import sys

import gevent
import pytest

from finished_runs import FinishedRuns, NoReport

REPORTER = """
import os, sys
from pathlib import Path
folder = Path(sys.argv[2])
(folder / "asked").open("a").write(f"{os.nice(0)} ")
sys.exit("for the test") if (folder / "bad").exists() else (folder / "report.html").write_text("the report")
"""


@pytest.fixture
def asked(tmp_path):
    """Runs with one run in them, that run, and with what priorities the reporter was started so far."""
    folder = tmp_path / "run"
    folder.mkdir()
    (tmp_path / "swarmbridge.cjs").write_text(REPORTER)
    runs = FinishedRuns([sys.executable, str(tmp_path / "bridge.cjs")])
    runs.add(str(folder))
    ((_, run),) = runs.items()
    return runs, run, lambda: (folder / "asked").read_text().split()


def why_none(runs, run):
    with pytest.raises(NoReport) as none:
        runs.report(run)
    return str(none.value)


def test_a_report_that_fails_is_not_made_for_each_who_waits_for_it_and_again_after_a_while(asked, monkeypatch):
    runs, run, starts = asked
    (run.folder / "bad").touch()
    waiting = [gevent.spawn(why_none, runs, run) for _ in range(4)]
    gevent.joinall(waiting, timeout=20, raise_error=True)
    assert {one.value for one in waiting} == {"The report could not be made; the log says why."}
    assert len(starts()) == 1
    (run.folder / "bad").unlink()
    assert why_none(runs, run)
    monkeypatch.setattr("finished_runs.FAILURE_KEPT_S", 0.0)
    assert runs.report(run) == b"the report"
    assert len(starts()) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="has classes of priority instead")
def test_a_report_is_made_behind_everything_else(asked):
    runs, run, starts = asked
    assert runs.report(run) == b"the report"
    assert starts() == ["19"]
