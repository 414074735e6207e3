"""A run that goes on as lines of text: one for a log, or a few for a terminal that is so wide and so high."""

import textwrap
import unicodedata
from typing import Any, Dict, List, NamedTuple

View = Dict[str, Any]

NARROWEST = 40
WIDEST = 140
MOST_NAMES = 12
MOST_REASONS = 5
BAR_CELLS = 16
WHOSE = {
    "wire": "the network",
    "server": "the server",
    "tool": "the tool",
    "user": "the test",
    "ours": "the harness",
}
COLOURS = {"ok": 32, "strained": 33, "saturated": 31, "unknown": 33}


class Size(NamedTuple):
    columns: int
    lines: int


def log_line(view: View) -> str:
    return "  ".join([*_status(view), *([view["silence"]] if view["silence"] else [])])


def block(view: View, size: Size, is_coloured: bool) -> List[str]:
    """
    :returns: lines that fit, the status first
    """
    width = max(NARROWEST, min(size.columns - 1, WIDEST))
    status, bar = _status(view), _bar(view)
    has_room = len(_filled([bar, *status], width)) == 1
    head = _filled([bar, *status] if bar and has_room else status, width)
    if view["silence"]:
        head.append(_coloured(cut(view["silence"], width), 33, is_coloured))
    figures = view["figures"]
    if not figures:
        return head[: max(1, size.lines - 1)]
    foot = _foot(figures, width, is_coloured)
    # The last line stays free; the table has its own heads, and may say how many names there are more.
    rows = max(0, min(MOST_NAMES, size.lines - 3 - len(head) - len(foot)))
    lines = [*head, *_table(figures["names"], rows, width), *foot]
    return lines[: max(1, size.lines - 1)]


def _foot(figures: View, width: int, is_coloured: bool) -> List[str]:
    lines = []
    if figures["reasons"]:
        reasons = figures["reasons"][:MOST_REASONS]
        said = ", ".join(f"{one['count']} {one['reason']} ({WHOSE.get(one['whose'], one['whose'])})" for one in reasons)
        lines.append(_coloured(cut(f"failures: {printable(said)}", width), 31, is_coloured))
    generator = figures["generator"]
    if generator["reasons"]:
        said = printable(f"generator {generator['level']}: {generator['reasons'][0]}")
        first, *rest = textwrap.wrap(said, width)
        wrapped = [first, " ".join(rest)] if rest else [first]
        lines += [_coloured(cut(one, width), COLOURS[generator["level"]], is_coloured) for one in wrapped]
    return lines


def printable(text: str) -> str:
    """Names are a server's: no control character and no change of the writing direction reaches a terminal."""
    return "".join(one if one.isprintable() else "?" for one in text)


def cut(text: str, width: int) -> str:
    """So that it fills no more columns; a line that wraps would not be found again."""
    if columns_of(text) <= width:
        return text
    kept = ""
    for one in text:
        if columns_of(kept + one) > width - 1:
            break
        kept += one
    return f"{kept}…"


def columns_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def seconds_text(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def _status(view: View) -> List[str]:
    elapsed = seconds_text(view["elapsedS"])
    if view["runTimeS"]:
        elapsed += f" of {seconds_text(view['runTimeS'])}"
    figures = view["figures"]
    if not figures:
        return [elapsed, "starting"]
    return [
        elapsed,
        _number(sum(one["open"] for one in figures["sessions"]), "session"),
        "-/s" if figures["perSecond"] is None else f"{figures['perSecond']:g}/s",
        _number(figures["failures"], "failure"),
        f"generator {figures['generator']['level']}",
        f"p50 {figures['p50']} p95 {figures['p95']} ms",
    ]


def _filled(parts: List[str], width: int) -> List[str]:
    """As many lines as the parts need, none of them divided."""
    lines = [parts[0]]
    for part in parts[1:]:
        longer = f"{lines[-1]}  {part}"
        if columns_of(longer) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return [cut(line, width) for line in lines]


def _number(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _bar(view: View) -> str:
    if not view["runTimeS"]:
        return ""
    full = min(BAR_CELLS, int(BAR_CELLS * view["elapsedS"] / view["runTimeS"]))
    return f"[{'#' * full}{'.' * (BAR_CELLS - full)}]"


def _table(names: List[Dict[str, Any]], rows: int, width: int) -> List[str]:
    """The busiest names; the numbers keep their columns, the name takes what is left."""
    if rows < 1 or not names:
        return []
    busiest = sorted(names, key=lambda one: -one["operations"])
    shown = [
        [printable(one["name"])]
        + [str(one[key]) for key in ("operations", "failures", "p50", "p95", "p99")]
        + [f"{one['firstEventP50']} / {one['firstEventP95']}"]
        for one in busiest[:rows]
    ]
    heads = ["name", "operations", "failures", "p50", "p95", "p99", "first event p50 / p95"]
    while True:
        widths = [max(columns_of(row[at]) for row in [heads, *shown]) for at in range(1, len(heads))]
        room = width - sum(widths) - 2 * len(widths)
        # A narrow terminal shows the names, and fewer figures.
        if room >= 24 or len(heads) <= 3:
            break
        heads, shown = heads[:-1], [row[:-1] for row in shown]
    name_width = min(room, max(columns_of(row[0]) for row in [heads, *shown]))
    lines = []
    for row in [heads, *shown]:
        name = cut(row[0], name_width)
        figures = "".join(f"  {text:>{size}}" for text, size in zip(row[1:], widths))
        lines.append(f"{name}{' ' * (name_width - columns_of(name))}{figures}")
    if len(names) > rows:
        lines.append(f"({len(names) - rows} more)")
    return lines


def _coloured(text: str, code: int, is_coloured: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if is_coloured else text
