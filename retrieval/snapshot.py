"""An immutable index on disk, and the pointer to the live one.

snapshots/CURRENT              name of the live snapshot, moved by one rename
snapshots/<name>/manifest.json digests of our own files and of the sorted content
                 corpus.json   the compiled corpus     items.json  what is searched
                 vectors.npy   one row an item         adapter.npy   the map for query vectors
                 phrases.json  texts beside the corpus whose vectors others want, phrases.npy theirs
                 lexical/      bm25s                   chroma/ the store
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from corpus.errors import CorpusError
from corpus.types import Corpus
from retrieval.errors import SnapshotError
from retrieval.protocols import Vectors

POINTER = "CURRENT"
FORMAT = 5
ADAPTER = "adapter.npy"
_CORPUS = TypeAdapter(Corpus)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One loaded snapshot. Items are the texts searched: of chunks first, then of outlines.

    `item_owner[i]` is the index of the chunk (or outline) that item i belongs to.
    """

    folder: Path
    manifest: dict[str, str | int | dict[str, str]]
    corpus: Corpus
    item_ids: tuple[str, ...]
    item_texts: tuple[str, ...]
    item_owner: NDArray[np.int64]
    chunk_items: NDArray[np.int64]
    outline_items: NDArray[np.int64]
    vectors: Vectors
    phrases: tuple[str, ...]
    phrase_vectors: Vectors

    @property
    def statement_items(self) -> NDArray[np.int64]:
        """Items that are wordings of a claim or text of a document, not ways of asking."""
        numbers = [int(self.item_ids[item].rpartition("/")[2]) for item in self.chunk_items]
        return self.chunk_items[np.array(numbers, dtype=np.int64) < 2]

    @property
    def name(self) -> str:
        """The folder's name, which turns cite as their snapshot."""
        return self.folder.name


def dump_corpus(corpus: Corpus) -> bytes:
    """The compiled corpus as JSON; equal corpora give equal bytes."""
    return _CORPUS.dump_json(corpus)


def snapshot_name(encoder_digest: str, compiled: bytes, phrases: tuple[str, ...] = ()) -> str:
    """The name that a corpus and phrases get with an encoder: the same ones give the same name."""
    digest = hashlib.sha256(f"{FORMAT}{encoder_digest}".encode() + compiled)
    digest.update(json.dumps(phrases).encode())
    return digest.hexdigest()[:16]


def current_name(snapshots: Path) -> str | None:
    """Name of the live snapshot, or None where none was ever built."""
    try:
        return (snapshots / POINTER).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def move_pointer(snapshots: Path, name: str) -> None:
    """Make a snapshot the live one, atomically."""
    temporary = snapshots / f".{POINTER}.{os.getpid()}"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(name)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(snapshots / POINTER)


def load_current(snapshots: Path) -> Snapshot:
    """The live snapshot. Raises `SnapshotError` if there is none."""
    name = current_name(snapshots)
    if name is None:
        raise SnapshotError("no index yet; run `python cli.py index build`")
    return load_snapshot(snapshots / name)


def load_snapshot(folder: Path) -> Snapshot:
    """Open one snapshot, vectors memory-mapped. Raises `SnapshotError` if a file is missing."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise SnapshotError(
                f"snapshot '{folder.name}' has another format; run `python cli.py index build`"
            )
        corpus = _CORPUS.validate_json((folder / "corpus.json").read_bytes())
        items = json.loads((folder / "items.json").read_text(encoding="utf-8"))
        kinds = np.array([item["kind"] == "chunk" for item in items], dtype=bool)
        return Snapshot(
            folder=folder,
            manifest=manifest,
            corpus=corpus,
            item_ids=tuple(item["id"] for item in items),
            item_texts=tuple(item["text"] for item in items),
            item_owner=np.array([item["owner"] for item in items], dtype=np.int64),
            chunk_items=np.flatnonzero(kinds),
            outline_items=np.flatnonzero(~kinds),
            vectors=np.load(folder / "vectors.npy", mmap_mode="r"),
            phrases=tuple(json.loads((folder / "phrases.json").read_text(encoding="utf-8"))),
            phrase_vectors=np.load(folder / "phrases.npy", mmap_mode="r"),
        )
    except (OSError, ValueError, KeyError, TypeError, SyntaxError, CorpusError) as error:
        raise SnapshotError(
            f"snapshot '{folder.name}' is damaged ({type(error).__name__}); "
            "run `python cli.py index build`"
        ) from error


def file_digests(folder: Path) -> dict[str, str]:
    """sha256 of every file that is ours: all but the manifest and Chroma's folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name != "manifest.json"
        and "chroma" not in path.relative_to(folder).parts[:1]
    }


def content_digest(ids: tuple[str, ...], texts: tuple[str, ...], vectors: Vectors) -> str:
    """sha256 over the sorted (id, vector, text) of all items, whatever order they came in."""
    digest = hashlib.sha256()
    for i in sorted(range(len(ids)), key=ids.__getitem__):
        digest.update(
            ids[i].encode()
            + b"\0"
            + np.ascontiguousarray(vectors[i], dtype=np.float32).tobytes()
            + texts[i].encode()
            + b"\0"
        )
    return digest.hexdigest()


def verify_snapshot(
    folder: Path, store: dict[str, tuple[str, Vectors]] | None = None
) -> tuple[str, ...]:
    """What is wrong with a snapshot; empty if nothing is.

    Compares our files with the manifest, every chunk with its document at its span, and, where the
    content of the Chroma store is given, that store with the vectors.
    """
    problems = list(_file_problems(folder))
    if problems:
        return tuple(problems)
    try:
        snapshot = load_snapshot(folder)
    except SnapshotError as error:
        return (str(error),)
    problems = _manifest_problems(snapshot)
    for chunk in snapshot.corpus.chunks:
        if snapshot.corpus.passage(chunk.doc_id, chunk.span) != chunk.text:
            problems.append(
                f"{chunk.chunk_id}: text is not what stands at its place in the document"
            )
    if store is not None:
        problems += _store_problems(snapshot, store)
    return tuple(problems)


def _manifest_problems(snapshot: Snapshot) -> list[str]:
    """The manifest lists the files; what else it says must follow from them."""
    manifest = snapshot.manifest
    if manifest.keys() != {"format", "encoder", "items", "chunks", "content", "files"}:
        return [
            "manifest.json: lists other things than a manifest does; "
            "run `python cli.py index build`"
        ]
    compiled = (snapshot.folder / "corpus.json").read_bytes()
    expected = {
        "items": len(snapshot.item_ids),
        "chunks": len(snapshot.corpus.chunks),
        "content": content_digest(snapshot.item_ids, snapshot.item_texts, snapshot.vectors),
    }
    problems = [
        f"manifest.json: {key} differs from what is there"
        for key, value in expected.items()
        if manifest[key] != value
    ]
    if snapshot_name(str(manifest["encoder"]), compiled, snapshot.phrases) != snapshot.name:
        problems.append("manifest.json: encoder and corpus do not give the snapshot's name")
    return problems


def _file_problems(folder: Path) -> list[str]:
    """Compares bytes before anything is parsed, so that a spoiled file cannot mislead a parser."""
    try:
        expected = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
        found = file_digests(folder)
        return [
            f"{name}: differs from the manifest"
            for name in sorted(expected.keys() | found.keys())
            if expected.get(name) != found.get(name)
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        return [
            f"manifest.json: not readable ({type(error).__name__}); run `python cli.py index build`"
        ]


def _store_problems(snapshot: Snapshot, store: dict[str, tuple[str, Vectors]]) -> list[str]:
    if store.keys() != set(snapshot.item_ids):
        return [f"chroma: holds {len(store)} items, the snapshot {len(snapshot.item_ids)}"]
    return [
        f"chroma: item {item_id} differs from the snapshot"
        for item_id, text, vector in zip(
            snapshot.item_ids, snapshot.item_texts, snapshot.vectors, strict=True
        )
        if store[item_id][0] != text or not np.allclose(store[item_id][1], vector, atol=1e-5)
    ]
