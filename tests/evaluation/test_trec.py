"""Queries, qrels and runs: read as written, measured as by hand, refused with the place."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.types import Corpus
from evaluation.errors import EvaluationDataError
from evaluation.findability import measure_findability, run_queries, without_asked_as
from evaluation.trec import load_qrels, load_queries
from retrieval.hashing import HashingEncoder
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot
from retrieval.types import Query


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three questions; the second has no acceptable claim, the third is of the other split."""
    (tmp_path / "queries.jsonl").write_text(
        '{"_id": "q1", "text": "one"}\n{"_id": "q2", "text": "two"}\n{"_id": "q3", "text": "three"}\n'
    )
    (tmp_path / "qrels").mkdir()
    (tmp_path / "qrels" / "dev.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\ta#f1\t1\nq1\ta#f2\t1\nq2\ta#f1\t0\n"
    )
    return tmp_path


def test_success_and_reciprocal_rank_are_those_of_the_hand(folder: Path) -> None:
    """Rank 2 of the first question: RR 1/2, success within five 1, at one 0; q2 is counted apart."""
    queries, qrels = load_queries(folder), load_qrels(folder, "dev")
    run = {"q1": {"b#f1": 3.0, "a#f2": 2.0}, "q2": {"a#f1": 1.0}, "q3": {"a#f1": 1.0}}
    result = measure_findability(run, qrels, queries)
    assert (result.questions, result.without_claim) == (1, 1)
    assert (result.success_at_1, result.success_at_5, result.reciprocal_rank) == (0.0, 1.0, 0.5)
    assert result.missed == ()


def test_a_question_that_finds_nothing_is_missed(folder: Path) -> None:
    """An empty ranking counts as a miss, it does not vanish."""
    queries, qrels = load_queries(folder), load_qrels(folder, "dev")
    result = measure_findability({"q1": {}, "q2": {}, "q3": {}}, qrels, queries)
    assert (result.success_at_5, result.missed) == (0.0, ("q1",))


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("queries.jsonl", '{"_id": "q1"}', "queries.jsonl: line 1: expected"),
        ("qrels/dev.tsv", "head\nq1 a#f1 1", "dev.tsv: line 2: expected"),
        ("qrels/dev.tsv", "head\nq1\ta#f1\tyes", "dev.tsv: line 2: expected"),
    ],
)
def test_a_bad_line_is_named(folder: Path, name: str, text: str, says: str) -> None:
    """File, line and form."""
    (folder / name).write_text(text)
    read = load_queries if name == "queries.jsonl" else lambda where: load_qrels(where, "dev")
    with pytest.raises(EvaluationDataError, match=says):
        read(folder)


def test_a_missing_split_is_named(folder: Path) -> None:
    """With its path."""
    with pytest.raises(EvaluationDataError, match=r"test\.tsv: cannot be read"):
        load_qrels(folder, "test")


def test_a_run_holds_ten_chunks_of_each_question(
    small_snapshot: Snapshot, hashing: HashingEncoder
) -> None:
    """Searched with the retriever that serves."""
    retriever = open_retriever(small_snapshot, hashing)
    run = run_queries(retriever, (Query("q1", "how long do they watch me", ""),))
    assert list(run) == ["q1"]
    assert "clinic-label#f1" in run["q1"]
    assert len(run["q1"]) <= 10


def test_the_other_corpus_has_no_ways_of_asking(small_corpus: Corpus) -> None:
    """Everything else stays."""
    bare = without_asked_as(small_corpus)
    assert all(claim.asked_as == () for claim in bare.claims)
    assert [claim.plain for claim in bare.claims] == [claim.plain for claim in small_corpus.claims]
