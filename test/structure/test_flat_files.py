"""The Python side is flat: on an engine every file lies in one folder, beside the installed packages."""

import ast
import json
import sys
import sysconfig
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Dict, Iterator, List

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDEST_PYTHON = (3, 9)

TABLE: Dict[str, List[str]] = json.loads((ROOT / "test/structure/rooms.json").read_text(encoding="utf-8"))["python"]

PLATFORM_FOLDERS = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
# With the folder of its compiled modules, which has no name of its own in sysconfig.
STDLIB_FOLDERS = [p for p in sys.path if p.startswith(sysconfig.get_path("stdlib")) and "-packages" not in p]

FLAT = sorted((ROOT / "locustfiles").glob("*.py"))
FILES = [*FLAT, ROOT / "multi.py"]
OURS = {path.stem for path in FILES}


def imports_of(source: str) -> Iterator[str]:
    """First part of every imported module's name, imports within functions included."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0]
        elif isinstance(node, ast.ImportFrom):
            # A relative import does not work in a flat folder: it has no name that could be allowed.
            yield "." if node.level else (node.module or "").split(".")[0]


def is_in(name: str, folders: List[str]) -> bool:
    return PathFinder.find_spec(name, folders) is not None


def is_standard(name: str) -> bool:
    return name in sys.builtin_module_names or is_in(name, STDLIB_FOLDERS)


def wrong_imports(path: str, source: str) -> List[str]:
    allowed = TABLE[path if path in TABLE else path.split("/")[0]]
    names = set(imports_of(source))
    ours = OURS if path.startswith("locustfiles/") or "locustfiles" in allowed else set()
    return sorted(name for name in names if not (name in allowed or name in ours or is_standard(name)))


def test_there_are_files_to_look_at() -> None:
    assert {"mcp_user", "learn", "multi"} <= OURS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_imports_only_its_room_locust_and_the_standard_library(path: Path) -> None:
    assert wrong_imports(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_has_the_syntax_of_the_oldest_python(path: Path) -> None:
    ast.parse(path.read_text(encoding="utf-8"), filename=path.name, feature_version=OLDEST_PYTHON)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_file_hides_no_module_of_python_or_of_a_package(path: Path) -> None:
    assert path.stem not in sys.builtin_module_names
    assert not is_in(path.stem, PLATFORM_FOLDERS)


def test_no_two_files_share_a_basename() -> None:
    names = [path.name for path in ROOT.joinpath("locustfiles").rglob("*") if "__pycache__" not in path.parts]
    assert sorted(names) == sorted(set(names))
    assert "multi.py" not in names


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("import requests", ["requests"]),
        ("def late():\n    from requests import get", ["requests"]),
        ("from . import tally", ["."]),
        ("import os, json\nimport gevent.event\nfrom tally import Tally\nfrom locust import task", []),
    ],
)
def test_the_check_finds_what_is_not_allowed(source: str, wrong: List[str]) -> None:
    assert wrong_imports("locustfiles/learn.py", source) == wrong


@pytest.mark.parametrize("name", ["json", "sys", "locust", "pytest"])
def test_the_check_finds_a_name_that_is_taken(name: str) -> None:
    assert name in sys.builtin_module_names or is_in(name, PLATFORM_FOLDERS)


def test_the_check_finds_newer_syntax() -> None:
    with pytest.raises(SyntaxError):
        ast.parse("match 1:\n    case 1:\n        pass", feature_version=OLDEST_PYTHON)
