"""Calibration uses rankings alone, is repeatable, and is written as data that loads again."""

from __future__ import annotations

from pathlib import Path

from evaluation.calibrate import LabelledQuestion, calibrate, load_labelled, write_calibration
from retrieval.abstain import load_calibration
from retrieval.hashing import HashingEncoder
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot
from tests.conftest import PROJECT

LABELLED = PROJECT / "evaluation" / "data" / "abstention.jsonl"


def test_calibrating_twice_gives_the_same_data(
    real_snapshot: Snapshot, hashing: HashingEncoder, tmp_path: Path
) -> None:
    """Weights and thresholds are reproducible, better than chance, and survive the file."""
    retriever = open_retriever(real_snapshot, hashing)
    questions = load_labelled(LABELLED)
    first, report = calibrate("hashing-256", questions, retriever)
    assert calibrate("hashing-256", questions[::1], retriever)[0] == first
    write_calibration(first, tmp_path)
    assert load_calibration("hashing-256", tmp_path) == first
    assert report.wrongly_refused + report.wrongly_answered < 0.8  # a coin gives 1
    assert report.labelled == first.labelled == len(questions)


def test_every_labelled_question_says_whether_it_is_answerable() -> None:
    """Ids are single, and the kind agrees with the label."""
    questions = load_labelled(LABELLED)
    assert len({q.question_id for q in questions}) == len(questions)
    assert all(
        isinstance(q, LabelledQuestion) and q.answerable == (q.kind == "answerable")
        for q in questions
    )
