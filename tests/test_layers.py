"""Imports point down only, and each third-party library has one home (docs/architecture.md)."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

MAY_IMPORT = {
    "corpus": set(),
    "prompts": set(),
    "settings": set(),
    "retrieval": {"corpus"},
    "chat": {"corpus", "retrieval", "prompts"},
    "visit": {"corpus", "prompts"},
    "records": {"corpus", "prompts", "visit"},
    "evaluation": {"corpus", "retrieval", "prompts", "chat", "visit"},
    "app_pages": {
        "corpus",
        "prompts",
        "settings",
        "retrieval",
        "chat",
        "visit",
        "records",
        "evaluation",
    },
    "commands": {
        "corpus",
        "prompts",
        "settings",
        "retrieval",
        "chat",
        "visit",
        "records",
        "evaluation",
    },
    "app": None,  # the doors may open everything
    "cli": None,
}
EXTRA = {"chat/assemble.py": {"settings"}}
HOMES = {
    "streamlit": ("app.py", "app_pages/"),
    "starlette": ("app.py", "app_pages/"),
    "langchain": ("chat/llm.py", "retrieval/langchain_adapter.py"),
    "langchain_core": ("chat/llm.py", "retrieval/langchain_adapter.py"),
    "chromadb": ("retrieval/dense.py",),
    "sentence_transformers": ("retrieval/export.py", "retrieval/rerank.py"),
    "torch": ("retrieval/export.py", "evaluation/tune.py"),
    "safetensors": ("retrieval/export.py", "evaluation/tune.py"),
    "peft": ("evaluation/tune.py",),
    "transformers": ("retrieval/export.py", "retrieval/rerank.py", "evaluation/tune.py"),
    "onnxruntime": ("retrieval/encode.py", "retrieval/export.py"),
    "tokenizers": ("retrieval/encode.py",),
    "bm25s": ("retrieval/lexical.py",),
    "Stemmer": ("retrieval/lexical.py",),
    "numpy": (
        "retrieval/",
        "evaluation/",
        "chat/needs.py",
        "chat/severity.py",
        "chat/wanted.py",
    ),
    "spellchecker": ("retrieval/spelling.py",),
    "filelock": ("retrieval/build.py", "retrieval/encode.py"),
    "reportlab": ("visit/sheet_pdf.py",),
    "fhir": ("visit/sheet_fhir.py",),
    "phonenumbers": ("prompts/identifiers.py",),
    "matplotlib": ("evaluation/", "visit/sheet_pdf.py"),
    "ir_measures": ("evaluation/",),
    "sklearn": ("evaluation/",),
    "scipy": ("evaluation/",),
    "py3langid": ("chat/language.py",),
    "textstat": ("corpus/reading_level.py",),
    "pysbd": ("corpus/sentences.py",),
    "yaml": ("corpus/load.py", "prompts/read.py"),
    "pydantic": (
        "corpus/files.py",
        "corpus/load.py",
        "prompts/files.py",
        "prompts/read.py",
        "visit/sheet_json.py",
        "retrieval/langchain_adapter.py",
        "retrieval/snapshot.py",
        "settings.py",
    ),
    "pydantic_settings": ("settings.py",),
    "sqlalchemy": ("records/",),
    "alembic": ("records/",),
    "typer": ("cli.py", "commands/"),
    "rich": ("cli.py", "commands/"),
}


def layer_problems(root: Path) -> list[str]:
    """One line for each import below `root` that points up, sideways, or away from its library's home."""
    problems = []
    # Only our packages: the environment and the caches beside them change while tests run.
    paths = [path for name in MAY_IMPORT for path in (root / name).rglob("*.py")]
    paths += [path for name in MAY_IMPORT if (path := root / f"{name}.py").exists()]
    for path in sorted(paths):
        place = path.relative_to(root).as_posix()
        package = place.partition("/")[0].removesuffix(".py")
        if package not in MAY_IMPORT:
            continue
        for line, name in _imports(path):
            problem = _problem(place, package, name)
            if problem:
                problems.append(f"{place}:{line}: {problem}")
    return problems


def _problem(place: str, package: str, name: str) -> str | None:
    allowed = MAY_IMPORT[package]
    if name in MAY_IMPORT:
        if allowed is None or name == package or name in allowed | EXTRA.get(place, set()):
            return None
        return f"{package} must not import {name}"
    if name in sys.stdlib_module_names or name == "__future__":
        return None
    if name not in HOMES:
        return f"library {name} has no home"
    return (
        None
        if place.startswith(HOMES[name])
        else f"library {name} lives in {', '.join(HOMES[name])}"
    )


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module.partition(".")[0]


def test_imports_point_down_and_libraries_stay_at_home() -> None:
    """No module of ours imports upwards, sideways, or a library away from its home."""
    assert layer_problems(PROJECT) == []


def test_the_walk_sees_every_package() -> None:
    """The check reads the modules of all the core packages, so an empty result is no accident."""
    seen = {
        p.relative_to(PROJECT).parts[0]
        for name in MAY_IMPORT
        for p in (PROJECT / name).rglob("*.py")
    }
    assert {"corpus", "prompts", "retrieval", "chat", "evaluation", "commands"} <= seen


@pytest.mark.parametrize(
    ("place", "line", "expected"),
    [
        ("corpus/a.py", "import retrieval.exact", "corpus must not import retrieval"),
        ("prompts/a.py", "from corpus.types import Span", "prompts must not import corpus"),
        ("retrieval/a.py", "from chat.turn import Assistant", "retrieval must not import chat"),
        ("visit/a.py", "import chat", "visit must not import chat"),
        ("chat/turn.py", "from settings import Settings", "chat must not import settings"),
        ("evaluation/a.py", "import commands.ask", "evaluation must not import commands"),
        ("commands/a.py", "import app_pages.chat", "commands must not import app_pages"),
        (
            "chat/a.py",
            "def f():\n    import streamlit as st",
            "library streamlit lives in app.py, app_pages/",
        ),
        (
            "retrieval/exact.py",
            "from langchain_core.documents import Document",
            "library langchain_core lives in chat/llm.py",
        ),
        (
            "retrieval/exact.py",
            "import chromadb.api",
            "library chromadb lives in retrieval/dense.py",
        ),
        ("corpus/chunk.py", "import numpy as np", "library numpy lives in retrieval/, evaluation/"),
        ("chat/a.py", "import pydantic", "library pydantic lives in"),
        ("chat/a.py", "import requests", "library requests has no home"),
    ],
)
def test_a_planted_import_is_reported(tmp_path: Path, place: str, line: str, expected: str) -> None:
    """Each kind of forbidden import is found, inside a function too."""
    path = tmp_path / place
    path.parent.mkdir()
    path.write_text(line, encoding="utf-8")
    (problem,) = layer_problems(tmp_path)
    assert problem.startswith(place)
    assert expected in problem


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("chat/assemble.py", "from settings import Settings"),
        ("cli.py", "import commands.ask, typer"),
        ("app_pages/chat.py", "import streamlit, chat.turn"),
        (
            "retrieval/exact.py",
            "import numpy, json\nfrom corpus.types import Span\nfrom . import types",
        ),
    ],
)
def test_an_import_that_points_down_is_not_reported(tmp_path: Path, place: str, line: str) -> None:
    """Allowed imports pass, so the check does not simply report everything."""
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    path.write_text(line, encoding="utf-8")
    assert layer_problems(tmp_path) == []
