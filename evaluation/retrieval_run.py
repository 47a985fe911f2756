"""Any BEIR-format folder through our own chunking, encoding, fusion and ranking.

corpus.jsonl[.gz]            {"_id", "title", "text"} a line
queries.jsonl[.gz]           {"_id", "text"} a line
qrels.tsv or qrels/test.tsv  header, then query id, document id, relevance

Layout of BEIR (Thakur et al. 2021, NeurIPS Datasets and Benchmarks); metrics by ir-measures
(MacAvaney et al. 2022, ECIR). Queries go in as they stand: nothing of the product's subject is
added to them.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ir_measures
from ir_measures import RR, R, nDCG

from corpus.load import document_from_text
from corpus.types import Chunk, Corpus, Document, Source
from evaluation.errors import EvaluationDataError
from evaluation.trec import Qrels, Run, load_queries, read_qrels, read_rows
from retrieval.build import build_snapshot
from retrieval.protocols import Encoder, Retriever
from retrieval.search import open_part
from retrieval.snapshot import load_current
from retrieval.types import Query, Ranking

RETRIEVERS = ("hybrid", "dense", "lexical")
_UNKNOWN_DAY = date(1, 1, 1)  # such sets say nothing about it, and no ranking reads it
_DOCUMENTS = 100  # how deep the deepest measure looks
_CHUNKS = 1_000  # so that a hundred documents are left of chunks that share them


@dataclass(frozen=True, slots=True)
class BeirSet:
    """A retrieval set: documents with their chunks, judged queries, and the judgements."""

    corpus: Corpus
    queries: tuple[Query, ...]
    qrels: Qrels


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """Means over the judged queries, and the median milliseconds that one query took."""

    retriever: str
    documents: int
    chunks: int
    queries: int
    ndcg_at_10: float
    recall_at_5: float
    recall_at_100: float
    reciprocal_rank_at_10: float
    ms_per_query: float

    def as_json(self) -> dict[str, str | int | float]:
        """The names that the command prints."""
        return {
            "retriever": self.retriever,
            "documents": self.documents,
            "chunks": self.chunks,
            "queries": self.queries,
            "ndcg@10": round(self.ndcg_at_10, 4),
            "recall@5": round(self.recall_at_5, 4),
            "recall@100": round(self.recall_at_100, 4),
            "mrr@10": round(self.reciprocal_rank_at_10, 4),
            "ms_per_query": round(self.ms_per_query, 2),
        }


def load_beir(folder: Path) -> BeirSet:
    """A BEIR folder; queries without a judgement are left out. Raises `EvaluationDataError`."""
    documents: list[Document] = []
    chunks: list[Chunk] = []
    for number, row in read_rows(folder, "corpus"):
        try:
            document_id, text = str(row["_id"]), str(row["text"])
        except KeyError as error:
            raise EvaluationDataError(
                f'{folder.name}: corpus: line {number}: expected {{"_id", "text"}}; mend the line'
            ) from error
        title = str(row.get("title") or "").strip()
        # A document that is only a title is found by it.
        document, own = document_from_text(_source(document_id, title), text.strip() or title, ())
        documents.append(document)
        chunks += own
    judgements = folder / "qrels.tsv"
    qrels = read_qrels(judgements if judgements.exists() else folder / "qrels" / "test.tsv")
    queries = tuple(query for query in load_queries(folder) if query.query_id in qrels)
    if not documents or not queries:
        missing = "document" if not documents else "judged query"
        raise EvaluationDataError(f"{folder}: holds no {missing}; give a whole BEIR folder")
    return BeirSet(Corpus(tuple(documents), tuple(chunks), (), ()), queries, qrels)


def measure_retrieval(
    beir: BeirSet, encoder: Encoder, snapshots: Path, retriever: str = "hybrid"
) -> tuple[RetrievalReport, Run]:
    """Index the set into `snapshots` (reused if it is there) and run every query.

    `retriever` is hybrid, dense or lexical.
    """
    build_snapshot(beir.corpus, encoder, snapshots)
    part = open_part(load_current(snapshots), encoder, retriever)
    run, milliseconds = run_documents(part, beir.queries)
    measures = [nDCG @ 10, R @ 5, R @ 100, RR @ 10]
    own = {query_id: docs for query_id, docs in beir.qrels.items() if query_id in run}
    totals = ir_measures.calc_aggregate(measures, own, run)
    return RetrievalReport(
        retriever,
        len(beir.corpus.documents),
        len(beir.corpus.chunks),
        len(beir.queries),
        ndcg_at_10=float(totals[nDCG @ 10]),
        recall_at_5=float(totals[R @ 5]),
        recall_at_100=float(totals[R @ 100]),
        reciprocal_rank_at_10=float(totals[RR @ 10]),
        ms_per_query=milliseconds,
    ), run


def run_documents(retriever: Retriever, queries: Sequence[Query]) -> tuple[Run, float]:
    """The best hundred documents of each query, and the median time of a search in milliseconds."""
    run: Run = {}
    times = []
    for query in queries:
        start = time.perf_counter()
        ranking = retriever.search(query, _CHUNKS)
        times.append(time.perf_counter() - start)
        run[query.query_id] = best_documents(ranking)
    return run, sorted(times)[len(times) // 2] * 1_000


def best_documents(ranking: Ranking) -> dict[str, float]:
    """A document's score is that of its best chunk; the first hundred documents."""
    best: dict[str, float] = {}
    for hit in ranking.hits:
        best.setdefault(hit.chunk.doc_id, hit.score)
        if len(best) == _DOCUMENTS:
            break
    return best


def write_run(path: Path, run: Run, name: str) -> None:
    """Write a run as TREC has it: query, Q0, document, rank, score, name."""
    lines = [
        f"{query_id} Q0 {document_id} {rank} {score:.6f} {name}\n"
        for query_id, documents in run.items()
        for rank, (document_id, score) in enumerate(documents.items(), start=1)
    ]
    path.write_text("".join(lines), encoding="utf-8")


def _source(document_id: str, title: str) -> Source:
    return Source(
        source_id=document_id,
        title=title,
        publisher="",
        authors=(),
        year=None,
        url="",
        doi=None,
        kind="document",
        population="",
        rights="",
        checked_on=_UNKNOWN_DAY,
        review_by=_UNKNOWN_DAY,
        notes="",
        read_against_source=None,
    )
