import json
import shutil
import urllib.error
import urllib.request
from contextlib import suppress

import psutil
import pytest

from locust_process import BUSY_USER, LocustProcess, free_port, until

REPORTER = """
import sys
from pathlib import Path
assert sys.argv[1] == "report"
folder = Path(sys.argv[2])
(folder / "asked").open("a").write("x")
(folder / "report.html").write_text("<!doctype html><title>the report</title>")
"""
# The system chooses the port: one that was free a moment ago may be another's by now.
SAYS_ITS_PORT = """
from pathlib import Path
import gevent
from locust import events

@events.init.add_listener
def say_port(environment, **_):
    def say():
        while not (environment.web_ui.server and environment.web_ui.server.server_port):
            gevent.sleep(0.01)
        Path("port").write_text(str(environment.web_ui.server.server_port))
    if environment.web_ui:
        gevent.spawn(say)
"""
LIVE = {
    "users": 3,
    "inFlight": 1,
    "hidden": 4,
    "names": {
        "learn:tools/call:look": {"counts": {"ok": 8, "timeout": 2}, "service": [160, 8], "firstEvent": [144, 8]}
    },
    "reasons": {"timeout": {"count": 2, "whose": "wire"}},
    "sessions": {"learn": {"open": 3, "peak": 3}},
    "harnessDelay": {"before": [96, 10], "after": [112, 10]},
    "generator": {"level": "ok", "reasons": []},
}


class WebUi:
    def __init__(self, base):
        self.base = base

    def get(self, path, **headers):
        """:returns: status, headers, text"""
        request = urllib.request.Request(self.base + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()
        except OSError:
            return 0, {}, ""

    def json(self, path, **headers):
        status, _, text = self.get(path, **headers)
        return json.loads(text) if status == 200 else {}


@pytest.fixture
def start(fake, tmp_path):
    """Starts Locust with its web UI, and with the page and the reporter beside the fake bridge."""
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    shutil.copy(fake.environ["SWARMBRIDGE_BUNDLE"], bundle / "bridge.py")
    for kind in ("html", "css", "js"):
        (bundle / f"live-page.{kind}").write_text(f"our {kind}")
    (bundle / "swarmbridge.cjs").write_text(REPORTER)
    fake.configure(live=LIVE)
    started = []

    environ = {**fake.environ, "SWARMBRIDGE_BUNDLE": str(bundle / "bridge.py")}
    web = ("--web-host", "127.0.0.1", "--web-port", "0", "--loglevel", "WARNING")
    port = tmp_path / "port"

    def begin(*arguments, path="", text=BUSY_USER):
        locust = LocustProcess(tmp_path, *web, *arguments, text=text + SAYS_ITS_PORT, environ=environ)
        started.append(locust)
        until(lambda: port.exists() and port.read_text() or locust.process.poll() is not None)
        assert locust.process.poll() is None, locust.said()
        return WebUi(f"http://127.0.0.1:{port.read_text()}{path}")

    yield begin
    for locust in started:
        locust.kill()


RUN = ("--autostart", "-u", "2", "-r", "2")
FOREIGN = "http://elsewhere.example"


def start_with_workers(start):
    """Another port where somebody else has taken the first meanwhile."""

    def try_port():
        port = str(free_port())
        workers = ("--processes", "2", "--master-bind-port", port, "--master-port", port)
        return start(*RUN, *workers, "--web-base-path", "/load", path="/load")

    for _ in range(2):
        with suppress(AssertionError):
            return try_port()
    return try_port()


def figures_of(ui):
    return until(lambda: ui.json("/swarmbridge/live.json").get("figures"))


def finished(ui):
    return until(lambda: ui.json("/swarmbridge/live.json").get("runs"))[0]


def rows(ui):
    extended = ui.json("/stats/requests").get("extendedStats", [])
    ours = [one for one in extended if one["key"] == "swarmbridge"]
    assert len(ours) == 1
    return {row["name"]: (row["now"], row["more"]) for row in ours[0]["data"]}


def test_the_tab_and_the_page_show_the_live_figures_and_the_report_of_the_ended_run(start, tmp_path):
    ui = start(*RUN, "-t", "2s")
    figures = figures_of(ui)
    assert (figures["operations"], figures["failures"], figures["p50"]) == (10, 2, "1.0")
    assert figures["reasons"] == [{"reason": "timeout", "count": 2, "whose": "wire"}]

    assert '"title": "MCP"' in ui.get("/")[2]
    shown = until(lambda: "Generator" in rows(ui) and rows(ui))
    assert shown["Sessions open: learn"] == ("3", "peak 3")
    assert shown["Failures: timeout"] == ("2", "whose: wire")
    assert shown["All of it live, and reports of ended runs"][0] == "/swarmbridge/"
    # Locust gives its own answer to every site, and to this one from its memory.
    foreign = ui.json("/stats/requests", Origin=FOREIGN)
    assert foreign["user_count"] is not None and "swarmbridge" not in json.dumps(foreign)
    assert '"swarmbridge"' in ui.get("/stats/requests", Origin=ui.base)[2]

    status, headers, text = ui.get("/swarmbridge/")
    assert (status, text) == (200, "our html")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert [ui.get(f"/swarmbridge/live.{kind}")[2] for kind in ("css", "js")] == ["our css", "our js"]

    run = finished(ui)
    status, headers, text = ui.get(f"/swarmbridge/runs/{run['key']}/report")
    assert (status, text) == (200, "<!doctype html><title>the report</title>")
    assert headers["Content-Security-Policy"].startswith("sandbox allow-scripts")
    ui.get(f"/swarmbridge/runs/{run['key']}/report")
    assert (tmp_path / "results" / run["run"] / "asked").read_text() == "x"

    # Nothing but the runs of this process, and nothing to another site.
    (tmp_path / "results" / "other").mkdir()
    (tmp_path / "results" / "other" / "run.json").write_text("{}")
    for path in (
        "runs/other/run.json",
        f"runs/{run['run']}/report",
        "runs/..%2fother/run.json",
        f"runs/{run['key']}/..%2f..%2fother%2frun.json",
        f"runs/{run['key']}/report.html",
        "live.py",
    ):
        assert ui.get(f"/swarmbridge/{path}")[0] == 404, path
    assert ui.get("/swarmbridge/live.json", Origin=FOREIGN)[0] == 403
    assert ui.get("/swarmbridge/live.json", Origin=ui.base)[0] == 200


def test_a_master_shows_the_sum_of_its_workers_below_the_base_path_of_its_locust(start):
    ui = start_with_workers(start)
    total = until(lambda: (figures := figures_of(ui))["operations"] == 20 and figures)
    assert total["sessions"] == [{"server": "learn", "open": 6, "peak": 6}]
    assert until(lambda: "Generator" in rows(ui) and rows(ui))["Sessions open: learn"] == ("6", "peak 6")


@pytest.mark.long
def test_a_bridge_that_hangs_and_a_worker_that_dies_are_told_from_those_that_work(start, fake):
    ui = start_with_workers(start)
    until(lambda: figures_of(ui)["users"] == 6)
    bridge = psutil.Process(fake.read("started.jsonl")[0]["pid"])
    worker = psutil.Process(bridge.ppid())
    bridge.suspend()
    try:
        silent = until(lambda: (view := ui.json("/swarmbridge/live.json"))["silence"] and view)
        assert "has not answered" in silent["silence"]
        assert (silent["figures"]["perSecond"], silent["figures"]["operations"]) == (None, 20)
        assert "has not answered" in rows(ui)["Bridge"][1]
    finally:
        bridge.resume()
    until(lambda: ui.json("/swarmbridge/live.json")["silence"] is None)
    worker.kill()
    left = until(lambda: (figures := figures_of(ui))["users"] == 3 and figures)
    assert left["operations"] == 20
    assert left["sessions"] == [{"server": "learn", "open": 3, "peak": 6}]


@pytest.mark.long
def test_a_single_process_tells_that_its_bridge_hangs_and_answers_locusts_ui_meanwhile(start, fake):
    ui = start(*RUN)
    figures_of(ui)
    bridge = psutil.Process(fake.read("started.jsonl")[0]["pid"])
    bridge.suspend()
    try:
        until(lambda: ui.json("/swarmbridge/live.json")["silence"])
        assert "Bridge" in rows(ui)
    finally:
        bridge.resume()
    until(lambda: ui.json("/swarmbridge/live.json")["silence"] is None)


# Locust wants the locustfile to say how one logs in.
WITH_LOGIN = (
    BUSY_USER
    + """
from flask_login import UserMixin
from locust import events

@events.init.add_listener
def log_in(environment, **_):
    if environment.web_ui:
        environment.web_ui.app.secret_key = "for the test"
        environment.web_ui.login_manager.user_loader(lambda user: None)
        environment.web_ui.auth_args = {}
"""
)


def test_who_has_not_logged_in_sees_nothing(start):
    ui = start("--web-login", text=WITH_LOGIN)
    for path in ("", "live.json", "live.js", "runs/x/report"):
        status, _, text = ui.get(f"/swarmbridge/{path}")
        assert "our " not in text and "figures" not in text, path
