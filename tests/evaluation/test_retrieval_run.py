"""Any BEIR-format folder through our own retrieval: read as written, measured as by hand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evaluation.errors import EvaluationDataError
from evaluation.retrieval_run import (
    RETRIEVERS,
    best_documents,
    load_beir,
    measure_retrieval,
    write_run,
)
from retrieval.hashing import HashingEncoder
from retrieval.types import Hit, Query, Ranking

DOCUMENTS = [
    {
        "_id": "d/1",
        "title": "Tides",
        "text": "The moon pulls the sea. Twice a day the water rises.",
    },
    {"_id": "d/2", "title": "Bread", "text": "Flour, water and salt. Leave the dough to rise."},
    {"_id": "d/3", "title": "Only a title about volcanoes", "text": ""},
    {"_id": "d/4", "title": "", "text": "Glaciers move slowly downhill. " * 60},
]
QUERIES = [
    {"_id": "q1", "text": "why does the sea rise twice a day"},
    {"_id": "q2", "text": "volcanoes"},
    {"_id": "q3", "text": "zzz"},
    {"_id": "q4", "text": "nobody judged this"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td/1\t2\nq1\td/2\t-1\nq2\td/3\t1\nq3\td/2\t1\n"


def _write(folder: Path, *, packed: bool) -> Path:
    for name, rows in (("corpus", DOCUMENTS), ("queries", QUERIES)):
        text = "".join(json.dumps(row) + "\n" for row in rows).encode()
        path = folder / (f"{name}.jsonl.gz" if packed else f"{name}.jsonl")
        path.write_bytes(gzip.compress(text) if packed else text)
    if packed:
        (folder / "qrels").mkdir()
    (folder / ("qrels/test.tsv" if packed else "qrels.tsv")).write_text(QRELS)
    return folder


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("retriever", RETRIEVERS)
def test_both_layouts_are_read_and_measured(
    tmp_path: Path, hashing: HashingEncoder, retriever: str, *, packed: bool
) -> None:
    """Three judged queries of four; the third shares no word with anything that is relevant."""
    beir = load_beir(_write(tmp_path, packed=packed))
    report, run = measure_retrieval(beir, hashing, tmp_path / "index", retriever)
    assert (report.documents, report.queries) == (4, 3)
    assert next(iter(run["q1"])) == "d/1"
    assert next(iter(run["q2"])) == "d/3"
    if retriever == "lexical":
        assert run["q3"] == {}
        assert report.ndcg_at_10 == pytest.approx(2 / 3)  # a query that finds nothing counts as 0
    assert set(report.as_json()) >= {"ndcg@10", "recall@5", "recall@100", "mrr@10", "ms_per_query"}


def test_a_document_has_the_score_of_its_best_chunk(
    tmp_path: Path, hashing: HashingEncoder
) -> None:
    """Each document once, in the order of its best chunk."""
    beir = load_beir(_write(tmp_path, packed=False))
    long = [chunk for chunk in beir.corpus.chunks if chunk.doc_id == "d/4"]
    assert len(long) > 1
    other = next(chunk for chunk in beir.corpus.chunks if chunk.doc_id == "d/1")
    hits = tuple(
        Hit(chunk, score, rank, "dense")
        for rank, (chunk, score) in enumerate(((long[0], 0.9), (other, 0.5), (long[1], 0.4)), 1)
    )
    assert best_documents(Ranking(Query("q", "x", "x"), hits, "dense")) == {"d/4": 0.9, "d/1": 0.5}


def test_a_run_is_written_as_trec_has_it(tmp_path: Path) -> None:
    """Query, Q0, document, rank from 1, score, name."""
    write_run(tmp_path / "run.txt", {"q1": {"d1": 0.5, "d2": 0.25}}, "askwell-hybrid")
    assert (tmp_path / "run.txt").read_text().splitlines() == [
        "q1 Q0 d1 1 0.500000 askwell-hybrid",
        "q1 Q0 d2 2 0.250000 askwell-hybrid",
    ]


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("corpus.jsonl", '{"_id": "a"}\n', "corpus: line 1: expected"),
        ("corpus.jsonl", "{\n", "corpus.jsonl: line 1: not JSON"),
        ("corpus.jsonl", "[1]\n", "corpus.jsonl: line 1: expected an object"),
        ("corpus.jsonl", "", "holds no document"),
        ("qrels.tsv", "head\nqx\td/1\t1\n", "holds no judged query"),
        ("queries.jsonl", None, "queries.jsonl: cannot be read"),
    ],
)
def test_bad_folders_are_refused_with_the_place(
    tmp_path: Path, name: str, text: str | None, says: str
) -> None:
    """One line: which file, which line, what to do."""
    folder = _write(tmp_path, packed=False)
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text)
    with pytest.raises(EvaluationDataError, match=says):
        load_beir(folder)
