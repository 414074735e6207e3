"""
The tab "MCP" in Locust's web UI, and a page of its own below ``swarmbridge/`` with the same figures, live, and with the
reports of the runs that have ended. Who may see Locust's UI may see this, nobody else.
"""

import json
import logging
from pathlib import Path
from typing import Any, Dict, List, Optional
from urllib.parse import urlsplit

import flask
from locust.web import WebUI

from finished_runs import FinishedRuns, NoReport
from lookout import Lookout, View

KEY = "swarmbridge"
_TYPES = {"html": "text/html", "css": "text/css", "js": "text/javascript"}
# Nothing but our own files. The report, which has a policy of its own, is shut off from Locust's UI besides.
_PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_REPORT_POLICY = "sandbox allow-scripts allow-modals allow-downloads; frame-ancestors 'none'"

logger = logging.getLogger("swarmbridge")


def install(web_ui: WebUI, bundle: Path, lookout: Lookout, runs: FinishedRuns) -> None:
    """
    To be called at `init`, before the UI answers its first request.

    :param bundle: the files of our page lie beside it
    """
    app = web_ui.app
    assert app
    base_path = getattr(web_ui.environment.parsed_options, "web_base_path", None) or ""
    home = f"{base_path}/{KEY}/"
    _add_tab(web_ui, home)
    app.register_blueprint(_pages(web_ui, home, bundle.parent, lookout, runs))

    has_failed = False

    @app.after_request
    def add_rows(response: flask.Response) -> flask.Response:
        """Locust's UI lives on this answer: whatever is wrong with ours, it goes out, and at once."""
        nonlocal has_failed
        is_ours = flask.request.path == f"{base_path}/stats/requests" and not _is_foreign()
        if not is_ours or response.status_code != 200 or not response.is_json:
            return response
        try:
            return _with_rows(response, _rows(lookout.glance(), home))
        except Exception:
            if not has_failed:
                logger.exception("The tab MCP cannot show its figures; this is said once.")
            has_failed = True
            return response


def _add_tab(web_ui: WebUI, home: str) -> None:
    columns = [{"key": "name", "title": "What"}, {"key": "now", "title": "Now"}, {"key": "more", "title": "More"}]
    # Locust's names: a locustfile may have tabs of its own.
    for name, ours in {
        "extended_tabs": {"title": "MCP", "key": KEY},
        "extended_tables": {"key": KEY, "structure": columns},
        "extended_csv_files": {"href": home, "title": "MCP: live page and reports"},
    }.items():
        web_ui.template_args[name] = [*web_ui.template_args.get(name, []), ours]


def _is_foreign() -> bool:
    """Locust lets every site read its answers (CORS for all); what is ours is for its own UI."""
    origin = flask.request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != flask.request.host


def _with_rows(response: flask.Response, rows: List[Dict[str, Any]]) -> flask.Response:
    """Locust keeps its answer for two seconds and sends it to others, too: ours are in a copy."""
    said = response.get_json()
    answer = flask.Response(headers=list(response.headers))
    answer.set_data(json.dumps({**said, "extendedStats": [*said.get("extendedStats", []), {"key": KEY, "data": rows}]}))
    return answer


def _pages(web_ui: WebUI, home: str, folder: Path, lookout: Lookout, runs: FinishedRuns) -> flask.Blueprint:
    pages = flask.Blueprint(KEY, __name__, url_prefix=home.rstrip("/"))
    guarded = web_ui.auth_required_if_enabled

    @pages.before_request
    def own_origin_only() -> "flask.Response | None":
        return _said("This is for Locust's own web UI.", 403) if _is_foreign() else None

    @pages.after_request
    def harden(response: flask.Response) -> flask.Response:
        response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    @pages.route("/")
    @guarded
    def page() -> flask.Response:
        return _file(folder, "html")

    @pages.route("/live.<kind>")
    @guarded
    def file(kind: str) -> flask.Response:
        if kind == "json":
            return flask.jsonify({**lookout.view(), "runs": _listed(runs)})
        return _file(folder, kind) if kind in ("css", "js") else _said("There is no such page.", 404)

    @pages.route("/runs/<key>/<what>")
    @guarded
    def record(key: str, what: str) -> flask.Response:
        run = runs.get(key)
        if run is None:
            return _said("No run of this Locust process has this address; a restart gives each a new one.", 404)
        if what == "report":
            try:
                answer = flask.Response(runs.report(run), content_type="text/html; charset=utf-8")
            except NoReport as reason:
                return _said(str(reason), 503)
            answer.headers["Content-Security-Policy"] = _REPORT_POLICY
            return answer
        if what == "run.json" and run.folder and (run.folder / what).is_file():
            answer = flask.Response((run.folder / what).read_bytes(), content_type="application/json")
            answer.headers["Content-Disposition"] = f'attachment; filename="{run.run}.json"'
            return answer
        return _said("There is no such page.", 404)

    return pages


def _file(folder: Path, kind: str) -> flask.Response:
    path = folder / f"live-page.{kind}"
    if not path.is_file():
        return _said("The live page is not built: type `npm run build`.", 503)
    text = path.read_text(encoding="utf-8")
    return flask.Response(text, content_type=f"{_TYPES[kind]}; charset=utf-8")


def _said(sentence: str, status: int) -> flask.Response:
    return flask.Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


def _listed(runs: FinishedRuns) -> List[Dict[str, Any]]:
    return [
        {"key": key, "run": run.run, "isHere": run.folder is not None, "elsewhere": run.elsewhere}
        for key, run in runs.items()
    ]


def _rows(view: View, home: str) -> List[Dict[str, str]]:
    """Locust's table shows text alone, on every version that we run on: no link, no headings."""
    figures = view["figures"]
    link = {"name": "All of it live, and reports of ended runs", "now": home, "more": "open it at this address"}
    if not figures:
        said = "no run yet" if view["state"] == "none" else "the first figures come in a second"
        return [{"name": "Run", "now": said, "more": ""}, link]
    generator = figures["generator"]
    rows = [("Bridge", "silent", view["silence"])] if view["silence"] else []
    rows += [("Generator", generator["level"], "; ".join(generator["reasons"]))]
    rows += [(f"Sessions open: {one['server']}", one["open"], f"peak {one['peak']}") for one in figures["sessions"]]
    rows += [
        ("Operations in flight", figures["inFlight"], f"{_or_dash(figures['perSecond'])} ended per second"),
        ("Hidden requests per operation", figures["hiddenPerOperation"], "HTTP requests that MCP makes on its own"),
    ]
    rows += [(f"Failures: {one['reason']}", one["count"], f"whose: {one['whose']}") for one in figures["reasons"]]
    rows += [
        (f"Harness delay {one['half']} a call", f"p50 {one['p50']} ms", f"p99 {one['p99']} ms")
        for one in figures["harnessDelay"]
    ]
    rows += [
        (
            one["name"],
            f"first event p50 {one['firstEventP50']} / p95 {one['firstEventP95']} ms",
            f"service p50 {one['p50']} / p95 {one['p95']} / p99 {one['p99']} ms",
        )
        for one in figures["names"]
    ]
    return [*({"name": name, "now": str(now), "more": more} for name, now, more in rows), link]


def _or_dash(number: Optional[float]) -> str:
    return "-" if number is None else str(number)
