"""Queries, qrels and runs in TREC terms, read from BEIR-format folders.

queries.jsonl      {"_id", "text"} a line
qrels/<split>.tsv  header, then query id, document id, relevance
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from evaluation.errors import EvaluationDataError
from retrieval.types import Query

Qrels = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]


def load_queries(folder: Path) -> tuple[Query, ...]:
    """The queries of a folder. Raises `EvaluationDataError` if they cannot be read."""
    path = folder / "queries.jsonl"
    queries = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            row = json.loads(line)
            queries.append(Query(str(row["_id"]), str(row["text"]), str(row["text"])))
        except (ValueError, KeyError, TypeError) as error:
            raise EvaluationDataError(
                f'{path.name}: line {number}: expected {{"_id", "text"}}; mend the line'
            ) from error
    return tuple(queries)


def load_qrels(folder: Path, split: str) -> Qrels:
    """Judged relevance of one split: query id -> document id -> relevance.

    Raises `EvaluationDataError` if the file is missing or a line is not three columns.
    """
    path = folder / "qrels" / f"{split}.tsv"
    qrels: Qrels = {}
    for number, line in enumerate(list(_lines(path))[1:], start=2):
        columns = line.split("\t")
        if len(columns) != 3 or not columns[2].strip().isdigit():
            raise EvaluationDataError(
                f"{path.name}: line {number}: expected query id, document id and relevance, "
                "separated by tabs; mend the line"
            )
        qrels.setdefault(columns[0], {})[columns[1]] = int(columns[2])
    return qrels


def _lines(path: Path) -> Iterable[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationDataError(
            f"{path}: cannot be read as UTF-8 text; give a folder that holds it"
        ) from error
    return [line for line in text.splitlines() if line.strip()]
