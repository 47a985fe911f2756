"""Do patients' questions find a claim that answers them? Success within the first five.

Judged on questions by people who saw neither claims nor rankings; acceptable claims were labelled
blind to any ranking. Metrics by ir-measures (MacAvaney et al. 2022, ECIR).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import ir_measures
from ir_measures import RR, Success

from chat.standalone import standalone_query
from corpus.types import Corpus
from evaluation.trec import Qrels, Run
from retrieval.protocols import Retriever
from retrieval.types import Query

_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Findability:
    """Shares over the questions that have an acceptable claim; the rest is counted apart."""

    questions: int
    without_claim: int
    success_at_1: float
    success_at_5: float
    reciprocal_rank: float
    missed: tuple[str, ...]


def run_queries(retriever: Retriever, queries: Sequence[Query]) -> Run:
    """A run: for each query the scores of its first ten chunks, searched as a first question is."""
    run: Run = {}
    for query in queries:
        ranking = retriever.search(standalone_query(query.text, (), 1), _DEPTH)
        run[query.query_id] = {hit.chunk.chunk_id: hit.score for hit in ranking.hits}
    return run


def measure_findability(run: Run, qrels: Qrels, queries: Sequence[Query]) -> Findability:
    """Success@1, Success@5 and RR@10 of `run`; queries with no acceptable claim are left out."""
    judged = {
        q.query_id: {doc: n for doc, n in qrels.get(q.query_id, {}).items() if n > 0}
        for q in queries
        if q.query_id in qrels
    }
    answerable = {query_id: docs for query_id, docs in judged.items() if docs}
    measures = [Success @ 1, Success @ 5, RR @ 10]
    own = {query_id: run.get(query_id, {}) for query_id in answerable}
    totals = ir_measures.calc_aggregate(measures, answerable, own)
    missed = [
        metric.query_id
        for metric in ir_measures.iter_calc([Success @ 5], answerable, own)
        if metric.value == 0
    ]
    missed += [query_id for query_id, docs in own.items() if not docs and query_id not in missed]
    return Findability(
        questions=len(answerable),
        without_claim=len(judged) - len(answerable),
        success_at_1=float(totals[Success @ 1]),
        success_at_5=float(totals[Success @ 5]),
        reciprocal_rank=float(totals[RR @ 10]),
        missed=tuple(sorted(missed)),
    )


def without_asked_as(corpus: Corpus) -> Corpus:
    """The same corpus with no ways of asking, to see what they are worth."""
    chunks = tuple(
        replace(chunk, claim=replace(chunk.claim, asked_as=())) if chunk.claim else chunk
        for chunk in corpus.chunks
    )
    return replace(corpus, chunks=chunks)
