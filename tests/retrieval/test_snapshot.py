"""A snapshot says the same after a reload and a rebuild, and one changed byte is reported."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from corpus.types import Corpus, Span
from retrieval.build import build_snapshot
from retrieval.dense import read_store
from retrieval.errors import SnapshotError
from retrieval.hashing import HashingEncoder
from retrieval.snapshot import (
    FORMAT,
    Snapshot,
    current_name,
    dump_corpus,
    file_digests,
    load_current,
    load_snapshot,
    move_pointer,
    verify_snapshot,
)


@pytest.fixture
def copied(small_snapshot: Snapshot, tmp_path: Path) -> Path:
    """A copy of the small snapshot's folder under its own name, to spoil."""
    return Path(
        shutil.copytree(
            small_snapshot.folder,
            tmp_path / small_snapshot.name,
            ignore=shutil.ignore_patterns("chroma"),
        )
    )


def own_files(folder: Path) -> list[str]:
    """Every file of ours, the manifest included."""
    return [*file_digests(folder), "manifest.json"]


def test_a_sound_snapshot_verifies(small_snapshot: Snapshot) -> None:
    """Nothing is wrong with a fresh snapshot, its Chroma store included."""
    assert (
        verify_snapshot(small_snapshot.folder, read_store(small_snapshot.folder / "chroma")) == ()
    )


def test_our_files_are_all_digested(small_snapshot: Snapshot) -> None:
    """The manifest covers the corpus, the items, the vectors and the lexical index, not Chroma's files."""
    files = set(file_digests(small_snapshot.folder))
    assert {"corpus.json", "items.json", "vectors.npy"} < files
    assert any(name.startswith("lexical/") for name in files)
    assert not any(name.startswith("chroma/") for name in files)


def test_one_changed_byte_in_any_file_is_reported(copied: Path) -> None:
    """First, middle and last byte of each file of ours: verify finds each and never raises."""
    assert len(own_files(copied)) >= 7
    for name in own_files(copied):
        path = copied / name
        sound = path.read_bytes()
        for place in {0, len(sound) // 2, len(sound) - 1}:
            spoiled = bytearray(sound)
            spoiled[place] ^= 1
            path.write_bytes(bytes(spoiled))
            assert verify_snapshot(copied), f"{name} byte {place}"
        path.write_bytes(sound)
    assert verify_snapshot(copied) == ()


@pytest.mark.parametrize("name", ["corpus.json", "items.json", "manifest.json", "vectors.npy"])
def test_any_one_changed_byte_is_reported(
    small_snapshot: Snapshot, tmp_path: Path, name: str
) -> None:
    """Wherever the byte stands and whatever it becomes, verify reports and never raises."""
    folder = Path(
        shutil.copytree(
            small_snapshot.folder,
            tmp_path / small_snapshot.name,
            ignore=shutil.ignore_patterns("chroma"),
        )
    )
    sound = (folder / name).read_bytes()

    @given(st.integers(0, len(sound) - 1), st.integers(0, 255))
    @settings(max_examples=60)
    def spoil(place: int, byte: int) -> None:
        assume(
            sound[place] != byte
            and not (name == "manifest.json" and sound[place] in b" \n" and byte in b" \t\r\n")
        )
        (folder / name).write_bytes(sound[:place] + bytes([byte]) + sound[place + 1 :])
        assert verify_snapshot(folder)

    spoil()


@pytest.mark.parametrize("name", ["corpus.json", "items.json", "manifest.json", "vectors.npy"])
def test_a_missing_file_is_reported_with_the_command(copied: Path, name: str) -> None:
    """A snapshot without one of its files is refused, with what to run."""
    (copied / name).unlink()
    with pytest.raises(
        SnapshotError, match=r"is damaged \(FileNotFoundError\); run `python cli.py index build`"
    ):
        load_snapshot(copied)


def test_a_file_that_does_not_belong_is_reported(copied: Path) -> None:
    """A file beside ours is a difference too."""
    (copied / "lexical" / "more.json").write_text("{}", encoding="utf-8")
    assert "lexical/more.json: differs from the manifest" in verify_snapshot(copied)


def test_a_changed_vector_in_the_store_is_reported(small_snapshot: Snapshot) -> None:
    """Chroma's own content is compared item by item."""
    store = read_store(small_snapshot.folder / "chroma")
    item_id = small_snapshot.item_ids[3]
    text, vector = store[item_id]
    turned = store | {item_id: (text, np.roll(vector, 1))}
    assert verify_snapshot(small_snapshot.folder, turned) == (
        f"chroma: item {item_id} differs from the snapshot",
    )
    other = store | {item_id: (text + "!", vector)}
    assert verify_snapshot(small_snapshot.folder, other) == (
        f"chroma: item {item_id} differs from the snapshot",
    )
    del store[item_id]
    assert "chroma: holds" in verify_snapshot(small_snapshot.folder, store)[0]


def test_passages_are_the_same_after_reload_and_rebuild(
    small_snapshot: Snapshot, small_corpus: Corpus, hashing: HashingEncoder, tmp_path: Path
) -> None:
    """A citation's span gives the same words in the snapshot, in a second load, and in a second build."""
    build_snapshot(small_corpus, hashing, tmp_path)
    again, rebuilt = load_snapshot(small_snapshot.folder), load_current(tmp_path)
    for chunk in small_corpus.chunks:
        for snapshot in (small_snapshot, again, rebuilt):
            assert snapshot.corpus.passage(chunk.doc_id, chunk.span) == chunk.text
    assert rebuilt.name == small_snapshot.name
    assert rebuilt.manifest["content"] == small_snapshot.manifest["content"]


def test_the_compiled_corpus_comes_back_equal(
    small_snapshot: Snapshot, real_snapshot: Snapshot, small_corpus: Corpus, real_corpus: Corpus
) -> None:
    """Nothing is lost or changed on the way through the file."""
    assert small_snapshot.corpus == small_corpus
    assert real_snapshot.corpus == real_corpus


def test_equal_corpora_compile_to_equal_bytes(small_corpus: Corpus) -> None:
    """The compiled form depends on the values alone."""
    assert dump_corpus(small_corpus) == dump_corpus(replace(small_corpus))


def test_no_index_names_the_command(tmp_path: Path) -> None:
    """Where nothing was built, the message says what to run."""
    with pytest.raises(SnapshotError) as caught:
        load_current(tmp_path)
    assert str(caught.value) == "no index yet; run `python cli.py index build`"


def test_the_pointer_moves_in_one_step(tmp_path: Path) -> None:
    """After a move the pointer holds the new name and nothing lies beside it."""
    move_pointer(tmp_path, "one")
    move_pointer(tmp_path, "two")
    assert current_name(tmp_path) == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


def test_another_format_is_refused(copied: Path) -> None:
    """A snapshot of another version of the format is not read as ours."""
    path = copied / "manifest.json"
    path.write_text(
        path.read_text(encoding="utf-8").replace(f'"format": {FORMAT}', '"format": 0'),
        encoding="utf-8",
    )
    with pytest.raises(SnapshotError, match="has another format"):
        load_snapshot(copied)


def test_vectors_are_mapped_not_read(small_snapshot: Snapshot) -> None:
    """Processes on one machine share the vectors' pages, and nobody can write to them."""
    assert isinstance(small_snapshot.vectors, np.memmap)
    assert not small_snapshot.vectors.flags.writeable


def test_a_passage_past_the_end_is_refused(small_snapshot: Snapshot) -> None:
    """The compiled corpus guards its spans like the loaded one."""
    from corpus.errors import PassageError

    with pytest.raises(PassageError):
        small_snapshot.corpus.passage("clinic-label", Span(0, 10**6))
