"""Queries, qrels and runs in TREC terms, read from BEIR-format folders.

queries.jsonl[.gz] {"_id", "text"} a line
qrels/<split>.tsv  header, then query id, document id, relevance
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path

from evaluation.errors import EvaluationDataError
from retrieval.types import Query

Qrels = dict[str, dict[str, int]]
Run = dict[str, dict[str, float]]


def load_queries(folder: Path) -> tuple[Query, ...]:
    """The queries of a folder. Raises `EvaluationDataError` if they cannot be read."""
    queries = []
    for number, row in read_rows(folder, "queries"):
        try:
            queries.append(Query(str(row["_id"]), str(row["text"]), str(row["text"])))
        except KeyError as error:
            raise EvaluationDataError(
                f'queries.jsonl: line {number}: expected {{"_id", "text"}}; mend the line'
            ) from error
    return tuple(queries)


def load_qrels(folder: Path, split: str) -> Qrels:
    """Judged relevance of one split of a folder. Raises `EvaluationDataError`."""
    return read_qrels(folder / "qrels" / f"{split}.tsv")


def read_qrels(path: Path) -> Qrels:
    """Judged relevance: query id -> document id -> relevance.

    Raises `EvaluationDataError` if the file is missing or a line is not three columns.
    """
    qrels: Qrels = {}
    for number, line in enumerate(_lines(path)[1:], start=2):
        columns = line.split("\t")
        try:
            query_id, document_id, relevance = columns
            qrels.setdefault(query_id, {})[document_id] = int(relevance)
        except ValueError as error:
            raise EvaluationDataError(
                f"{path.name}: line {number}: expected query id, document id and relevance, "
                "separated by tabs; mend the line"
            ) from error
    return qrels


def read_rows(folder: Path, name: str) -> Iterator[tuple[int, dict[str, object]]]:
    """Line numbers and objects of name.jsonl, or of name.jsonl.gz. Raises `EvaluationDataError`."""
    plain = folder / f"{name}.jsonl"
    path = plain if plain.exists() else folder / f"{name}.jsonl.gz"
    for number, line in enumerate(_lines(path if path.exists() else plain), start=1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise EvaluationDataError(
                f"{path.name}: line {number}: not JSON; mend the line"
            ) from error
        if not isinstance(row, dict):
            raise EvaluationDataError(
                f"{path.name}: line {number}: expected an object with _id and text; mend the line"
            )
        yield number, row


def _lines(path: Path) -> list[str]:
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise EvaluationDataError(
            f"{path}: cannot be read as UTF-8 text; give a folder that holds it"
        ) from error
    return [line for line in text.split("\n") if line.strip()]
