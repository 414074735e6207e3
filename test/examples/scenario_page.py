"""docs/scenarios.md, whose pictures are what the examples really print; `WRITE_SCENARIOS=1` puts them in anew."""

import os
import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scenarios.md"
ID = re.compile(r"\d{8}-\d{6}-")
IS_WRITING = os.environ.get("WRITE_SCENARIOS") == "1"


def _block(name: str) -> "re.Pattern[str]":
    return re.compile(rf"(<!-- printed by {re.escape(name)} -->\n```text\n)(.*?)(```\n)", re.DOTALL)


def picture_of(output: str) -> str:
    """What a run prints of its server, without what belongs to this run alone: its id and the URL."""
    lines = output[output.rindex("\n", 0, output.index(" operations in ")) + 1 :].splitlines()
    lines = lines[: next(index for index, line in enumerate(lines) if line.startswith("harness delay"))]
    kept = [re.sub(r"^target  http\S+.*", "target", line).rstrip() for line in lines if not ID.match(line)]
    return "\n".join(kept).strip() + "\n"


def findings_in(text: str) -> str:
    """The diagnosis in a picture, on one line, with `#` for each figure; empty for none."""
    found = text.partition("\ndiagnosis ")[2]
    return re.sub(r"~?[\d.,]*\d", "#", " ".join(found.split()))


def picture_on_page(name: str) -> str:
    found = _block(name).search(PAGE.read_text())
    assert found, f"docs/scenarios.md has no block `printed by {name}`"
    return found.group(2)


def write_picture(name: str, picture: str) -> None:
    assert _block(name).search(PAGE.read_text()), f"docs/scenarios.md has no block `printed by {name}`"
    PAGE.write_text(_block(name).sub(lambda found: found.group(1) + picture + found.group(3), PAGE.read_text()))
