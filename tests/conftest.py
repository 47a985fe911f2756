"""Shared values of the suite: two corpora, two sets of prompts, snapshots of them, and a clock that stands still."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from chat.assemble import open_library
from chat.extractive import ExtractiveComposer
from chat.library import Library
from chat.needs import phrases_of
from chat.turn import Assistant
from corpus.load import load_corpus
from corpus.types import Corpus
from prompts.load import load_prompts
from prompts.types import Prompts
from retrieval.build import build_snapshot
from retrieval.hashing import HashingEncoder
from retrieval.protocols import Encoder
from retrieval.snapshot import Snapshot, load_current
from settings import Settings

PROJECT = Path(__file__).resolve().parent.parent
DATA = Path(__file__).resolve().parent / "data"
TODAY = date(2026, 11, 23)

_SLOW_FIXTURES = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
hypothesis_settings.register_profile(
    "sample", max_examples=50, deadline=None, database=None, suppress_health_check=_SLOW_FIXTURES
)
hypothesis_settings.register_profile(
    "whole", max_examples=1_000, deadline=None, database=None, suppress_health_check=_SLOW_FIXTURES
)
hypothesis_settings.load_profile("sample")  # `--hypothesis-profile whole` runs the long form


@pytest.fixture(scope="session")
def small_corpus() -> Corpus:
    """Three briefs with a contrast, an animal claim, a dose and a claim that expires on 2026-12-31."""
    return load_corpus(DATA / "corpus")


@pytest.fixture(scope="session")
def real_corpus() -> Corpus:
    """What ships."""
    return load_corpus(PROJECT / "corpus")


@pytest.fixture(scope="session")
def small_prompts() -> Prompts:
    """A few rules of each route, and eight questions."""
    return load_prompts(DATA / "prompts")


@pytest.fixture(scope="session")
def real_prompts() -> Prompts:
    """What ships. A fault in `prompts/` is an error of every test that asks for it."""
    return load_prompts(PROJECT / "prompts")


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """A copy of the small corpus that a test may spoil."""
    return Path(shutil.copytree(DATA / "corpus", tmp_path / "corpus"))


@pytest.fixture
def prompts_folder(tmp_path: Path) -> Path:
    """A copy of the small prompts that a test may spoil."""
    return Path(shutil.copytree(DATA / "prompts", tmp_path / "prompts"))


@pytest.fixture(scope="session")
def hashing() -> HashingEncoder:
    """The encoder without weights."""
    return HashingEncoder()


@pytest.fixture(scope="session")
def small_snapshot(
    small_corpus: Corpus, hashing: HashingEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Snapshot:
    """The small corpus, indexed. Read it; copy its folder before changing anything."""
    folder = tmp_path_factory.mktemp("small") / "snapshots"
    build_snapshot(small_corpus, hashing, folder)
    return load_current(folder)


@pytest.fixture(scope="session")
def real_snapshot(
    real_corpus: Corpus, hashing: HashingEncoder, tmp_path_factory: pytest.TempPathFactory
) -> Snapshot:
    """The corpus that ships, indexed by the hashing encoder."""
    folder = tmp_path_factory.mktemp("real") / "snapshots"
    build_snapshot(real_corpus, hashing, folder)
    return load_current(folder)


@pytest.fixture(scope="session")
def models() -> Path:
    """Exported graphs, kept between runs beside the project's own data: the export takes seconds."""
    return Settings().models


@pytest.fixture(scope="session")
def serving_encoder(models: Path) -> Encoder:
    """The serving encoder (tests that use it carry the marker `encoder`)."""
    from retrieval.encode import ServingEncoder, ensure_exported

    return ServingEncoder(ensure_exported(models), threads=2)


@pytest.fixture(scope="session")
def reference_encoder() -> Encoder:
    """all-MiniLM-L6-v2 from the installed package (tests that use it carry the marker `encoder`)."""
    from retrieval.export import ReferenceEncoder

    return ReferenceEncoder()


ENCODER_SOURCES = (
    "fda-spravato-label",
    "williams-2018-naltrexone",
    "yoon-2019-naltrexone-alcohol",
    "phq-9",
)


@pytest.fixture(scope="session")
def encoder_snapshot(
    real_corpus: Corpus,
    serving_encoder: Encoder,
    real_prompts: Prompts,
    tmp_path_factory: pytest.TempPathFactory,
) -> Snapshot:
    """Four of the sources that ship, indexed by the real encoder; all of them take over a minute."""
    folder = tmp_path_factory.mktemp("encoder") / "snapshots"
    build_snapshot(
        part_of(real_corpus, ENCODER_SOURCES),
        serving_encoder,
        folder,
        phrases=phrases_of(real_prompts.questions),
    )
    return load_current(folder)


def part_of(corpus: Corpus, source_ids: tuple[str, ...]) -> Corpus:
    """The named sources of a corpus, without outlines; contrasts that lead out of them are cut."""
    documents = tuple(d for d in corpus.documents if d.doc_id in source_ids)
    chunks = []
    for chunk in corpus.chunks:
        if chunk.doc_id in source_ids and chunk.claim:
            kept = tuple(c for c in chunk.claim.contrasts if c.partition("#")[0] in source_ids)
            chunks.append(replace(chunk, claim=replace(chunk.claim, contrasts=kept)))
    return Corpus(documents, tuple(chunks), (), corpus.glossary)


@pytest.fixture(scope="session")
def small_library(
    small_snapshot: Snapshot, hashing: HashingEncoder, small_prompts: Prompts
) -> Callable[..., Library]:
    """Opens the small snapshot on a given day, with weights that no calibration run can move."""

    def open_on(day: date = TODAY) -> Library:
        library = open_library(small_snapshot, hashing, small_prompts, Settings(), lambda: day)
        calibration = replace(
            library.calibration,
            weights=(5.0, 5.0, 0.0, 0.0, 0.0),
            bias=-5.0,
            answer_from=0.5,
            on_topic_from=0.2,
        )
        composer = ExtractiveComposer(
            small_snapshot.corpus, calibration, Settings().most_statements, lambda: day
        )
        return replace(
            library, calibration=calibration, composer=composer, nearest=composer.nearest
        )

    return open_on


@pytest.fixture
def assistant(small_library: Callable[..., Library], small_prompts: Prompts) -> Assistant:
    """The small prompts over the small snapshot, on 2026-11-23."""
    library = small_library()
    return Assistant(small_prompts, lambda: library)


@pytest.fixture
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Points the command line at the small corpus and prompts; returns its empty data folder."""
    monkeypatch.setenv("ASKWELL_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("ASKWELL_CORPUS", str(DATA / "corpus"))
    monkeypatch.setenv("ASKWELL_PROMPTS", str(DATA / "prompts"))
    monkeypatch.setenv("ASKWELL_ENCODER", "hashing")
    return tmp_path / "var"


def run_python(
    script: str, *arguments: str, timeout: float = 120, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, at the project's root."""
    env = (
        {k: v for k, v in os.environ.items() if not k.startswith("ASKWELL_")}
        | {"PYTHONPATH": str(PROJECT)}
        | environment
    )
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=env, capture_output=True, text=True, timeout=timeout, check=False
    )
