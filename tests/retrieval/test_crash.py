"""A build that dies in the middle of any step leaves the old snapshot live and answering."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corpus.types import Corpus
from retrieval.build import Step, build_snapshot
from retrieval.hashing import HashingEncoder
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot, current_name, load_current, verify_snapshot
from retrieval.types import Query
from tests.conftest import DATA, run_python

DIES = """
import os, sys
from pathlib import Path
from corpus.load import load_corpus
from retrieval.build import build_snapshot
from retrieval.hashing import HashingEncoder
corpus, snapshots, at = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
def on_progress(step, done, total):
    if step == at and (done or step != "encode"):
        os._exit(9)
build_snapshot(load_corpus(corpus), HashingEncoder(), snapshots, on_progress)
"""


@pytest.fixture
def changed_corpus(corpus_folder: Path) -> Path:
    """The small corpus with one claim in other words."""
    path = corpus_folder / "sources" / "clinic-label.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "staff must watch you", "staff must look after you", 1
        ),
        encoding="utf-8",
    )
    return corpus_folder


@pytest.mark.parametrize("step", list(Step))
def test_a_build_killed_at_a_step_leaves_the_old_snapshot(
    small_snapshot: Snapshot, changed_corpus: Path, tmp_path: Path, step: Step
) -> None:
    """The old snapshot still loads, verifies and answers, and the next build finishes the work."""
    snapshots = Path(shutil.copytree(small_snapshot.folder.parent, tmp_path / "snapshots"))
    killed = run_python(DIES, str(changed_corpus), str(snapshots), step.value)
    assert killed.returncode == 9, killed.stderr
    live = load_current(snapshots)
    assert live.name == small_snapshot.name
    assert verify_snapshot(live.folder) == ()
    retriever = open_retriever(live, HashingEncoder())
    assert (
        retriever.search(Query("q", "how long will staff watch me after spravato", ""), 3)
        .hits[0]
        .chunk.chunk_id
        == "clinic-label#f1"
    )

    from corpus.load import load_corpus

    report = build_snapshot(load_corpus(changed_corpus), HashingEncoder(), snapshots)
    assert report.built
    assert current_name(snapshots) == report.name != small_snapshot.name
    assert verify_snapshot(snapshots / report.name) == ()
    assert not list(snapshots.glob(".CURRENT.*"))


def test_a_pointer_that_was_being_written_is_swept_away(
    small_snapshot: Snapshot, changed_corpus: Path, tmp_path: Path
) -> None:
    """What a crash left of a pointer does no harm and is gone after the next build."""
    from corpus.load import load_corpus

    snapshots = Path(shutil.copytree(small_snapshot.folder.parent, tmp_path / "snapshots"))
    (snapshots / ".CURRENT.1").write_text("half", encoding="utf-8")
    assert load_current(snapshots).name == small_snapshot.name
    build_snapshot(load_corpus(changed_corpus), HashingEncoder(), snapshots)
    assert not list(snapshots.glob(".CURRENT.*"))


def test_the_script_that_dies_would_build(tmp_path: Path, small_corpus: Corpus) -> None:
    """Without a step to die at, the same script builds: the tests above kill a real build."""
    done = run_python(DIES, str(DATA / "corpus"), str(tmp_path), "never")
    assert done.returncode == 0, done.stderr
    assert load_current(tmp_path).corpus == small_corpus
