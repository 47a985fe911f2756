"""Builds a snapshot: in a new folder, verified, then made live by moving one pointer.

Incremental: a text whose vector an older snapshot holds (same encoder) is not encoded again.
A crash at any step leaves the old snapshot live.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout

from corpus.types import Corpus
from retrieval import dense, lexical
from retrieval.adapt import train_adapter, write_adapter
from retrieval.errors import SnapshotError
from retrieval.protocols import Encoder, Vectors
from retrieval.snapshot import (
    FORMAT,
    content_digest,
    current_name,
    dump_corpus,
    file_digests,
    load_current,
    move_pointer,
    snapshot_name,
    verify_snapshot,
)

_ENCODE_BATCH = 64


class Step(StrEnum):
    """The steps of a build, in order."""

    START = "start"
    ENCODE = "encode"
    WRITE = "write"
    LEXICAL = "lexical"
    STORE = "store"
    VERIFY = "verify"
    PUBLISH = "publish"


OnProgress = Callable[[Step, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did: the live snapshot, texts in it, and how many had to be encoded."""

    name: str
    items: int
    encoded: int
    built: bool


@dataclass(frozen=True, slots=True)
class _Item:
    item_id: str
    kind: str
    owner: int
    text: str


def build_snapshot(
    corpus: Corpus,
    encoder: Encoder,
    snapshots: Path,
    on_progress: OnProgress = lambda *_: None,
    phrases: Iterable[str] = (),
) -> BuildReport:
    """Build and publish a snapshot of `corpus`; does nothing where the live one is the same.

    `phrases` are further texts whose vectors are kept beside those of the corpus.
    `on_progress(step, done, total)` is called as the work goes on. Raises `SnapshotError` if
    another build holds the lock or if the new snapshot does not verify.
    """
    snapshots.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(snapshots / ".build.lock", timeout=0):
            return _build(corpus, encoder, snapshots, on_progress, tuple(dict.fromkeys(phrases)))
    except Timeout as error:
        raise SnapshotError(
            "another build is running; wait for it, then run `python cli.py index status`"
        ) from error


def _build(
    corpus: Corpus,
    encoder: Encoder,
    snapshots: Path,
    on_progress: OnProgress,
    phrases: tuple[str, ...],
) -> BuildReport:
    on_progress(Step.START, 0, 1)
    compiled = dump_corpus(corpus)
    name = snapshot_name(encoder.digest, compiled, phrases)
    items = _items(corpus)
    if current_name(snapshots) == name and not verify_snapshot(snapshots / name):
        return BuildReport(name, len(items), 0, built=False)
    if not items:
        raise SnapshotError("the corpus holds no text; add a source to corpus/sources")
    folder = snapshots / name
    _clear_leftovers(snapshots, folder)
    known = _known_vectors(snapshots, encoder)
    texts = [item.text for item in items]
    vectors_of, encoded = _encode((*texts, *phrases), known, encoder, on_progress)
    vectors = _rows(texts, vectors_of)

    on_progress(Step.WRITE, 0, 1)
    folder.mkdir()
    (folder / "corpus.json").write_bytes(compiled)
    rows = [{"id": i.item_id, "kind": i.kind, "owner": i.owner, "text": i.text} for i in items]
    (folder / "items.json").write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    np.save(folder / "vectors.npy", vectors)
    write_adapter(folder, _learn_adapter(corpus, items, vectors))
    (folder / "phrases.json").write_text(json.dumps(phrases, ensure_ascii=False), encoding="utf-8")
    np.save(folder / "phrases.npy", _rows(phrases, vectors_of, vectors.shape[1]))
    on_progress(Step.LEXICAL, 0, 1)
    lexical.write_lexical(folder / "lexical", corpus.chunks)
    on_progress(Step.STORE, 0, 1)
    ids = tuple(i.item_id for i in items)
    dense.write_store(folder / "chroma", ids, tuple(texts), vectors)
    manifest = {
        "format": FORMAT,
        "encoder": encoder.digest,
        "items": len(items),
        "chunks": len(corpus.chunks),
        "content": content_digest(ids, tuple(texts), vectors),
        "files": file_digests(folder),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")

    on_progress(Step.VERIFY, 0, 1)
    problems = verify_snapshot(folder, dense.read_store(folder / "chroma"))
    if problems:
        raise SnapshotError(
            f"the new snapshot does not verify: {problems[0]}; the old one stays live"
        )
    on_progress(Step.PUBLISH, 0, 1)
    move_pointer(snapshots, name)
    return BuildReport(name, len(items), encoded, built=True)


def _items(corpus: Corpus) -> list[_Item]:
    """Every text that is searched: of a claim, its two wordings and how people ask for it.

    A passage of a document is encoded under its heading: what it is about may stand there alone.
    """
    items = []
    for owner, chunk in enumerate(corpus.chunks):
        texts = (
            [f"{chunk.heading}\n{chunk.text}"]
            if chunk.claim is None
            else [chunk.claim.plain, chunk.claim.precise, *chunk.claim.asked_as]
        )
        items += [
            _Item(f"{chunk.chunk_id}/{n}", "chunk", owner, text) for n, text in enumerate(texts)
        ]
    for owner, outline in enumerate(corpus.outlines):
        items += [
            _Item(f"outline:{outline.outline_id}/{n}", "outline", owner, text)
            for n, text in enumerate(outline.asked_as)
        ]
    return items


def _learn_adapter(corpus: Corpus, items: Sequence[_Item], vectors: Vectors) -> Vectors:
    """The map for query vectors, from claims' ways of asking and their two wordings."""
    claims = {n: row for row, n in enumerate(n for n, c in enumerate(corpus.chunks) if c.claim)}
    questions, owners = [], []
    statements = np.zeros((len(claims), 2, vectors.shape[1]), dtype=np.float32)
    for place, item in enumerate(items):
        if item.kind != "chunk" or item.owner not in claims:
            continue
        number = int(item.item_id.rpartition("/")[2])
        if number < 2:
            statements[claims[item.owner], number] = vectors[place]
        else:
            questions.append(place)
            owners.append(claims[item.owner])
    return train_adapter(vectors[questions], np.array(owners, dtype=np.int64), statements)


def _known_vectors(snapshots: Path, encoder: Encoder) -> dict[str, Vectors]:
    """Vectors of the live snapshot by text, if the same encoder made them and it is readable."""
    try:
        live = load_current(snapshots)
    except SnapshotError:
        return {}
    if live.manifest["encoder"] != encoder.digest:
        return {}
    if content_digest(live.item_ids, live.item_texts, live.vectors) != live.manifest["content"]:
        return {}
    return dict(zip(live.item_texts, live.vectors, strict=True)) | dict(
        zip(live.phrases, live.phrase_vectors, strict=True)
    )


def _encode(
    texts: Sequence[str], known: dict[str, Vectors], encoder: Encoder, on_progress: OnProgress
) -> tuple[dict[str, Vectors], int]:
    new = sorted({text for text in texts if text not in known}, key=len)
    vectors = dict(known)
    on_progress(Step.ENCODE, 0, len(new))
    for start in range(0, len(new), _ENCODE_BATCH):
        batch = new[start : start + _ENCODE_BATCH]
        vectors.update(zip(batch, encoder.encode(batch), strict=True))
        on_progress(Step.ENCODE, min(start + _ENCODE_BATCH, len(new)), len(new))
    return vectors, len(new)


def _rows(texts: Sequence[str], vectors: dict[str, Vectors], width: int = 0) -> Vectors:
    if not texts:
        return np.zeros((0, width), dtype=np.float32)
    return np.stack([vectors[text] for text in texts]).astype(np.float32)


def _clear_leftovers(snapshots: Path, folder: Path) -> None:
    """Remove what a crashed build left here, and an unreadable snapshot of the same name."""
    if folder.exists():
        shutil.rmtree(folder)
    for stray in snapshots.glob(".CURRENT.*"):
        stray.unlink(missing_ok=True)
