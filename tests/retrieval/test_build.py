"""Builds do no work twice, admit one writer, and end in the same content by any way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.types import Corpus
from retrieval.build import Step, build_snapshot
from retrieval.dense import read_store
from retrieval.errors import SnapshotError
from retrieval.hashing import HashingEncoder
from retrieval.protocols import Vectors
from retrieval.snapshot import current_name, load_current, verify_snapshot
from tests.conftest import part_of


class CountingEncoder(HashingEncoder):
    """The hashing encoder, which remembers what it was asked to encode."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return super().encode(texts)


def changed(corpus: Corpus, plain: str) -> Corpus:
    """The corpus with other plain words for its first claim."""
    first = corpus.chunks[0]
    assert first.claim is not None
    return replace(
        corpus, chunks=(replace(first, claim=replace(first.claim, plain=plain)), *corpus.chunks[1:])
    )


def test_every_text_is_encoded_once(small_corpus: Corpus, tmp_path: Path) -> None:
    """The first build encodes each different text one time and reports it."""
    encoder = CountingEncoder()
    report = build_snapshot(small_corpus, encoder, tmp_path)
    assert report.built
    assert report.encoded == len(encoder.asked) == len(set(encoder.asked))
    assert report.items == len(load_current(tmp_path).item_ids)


def test_a_second_build_of_the_same_corpus_does_nothing(
    small_corpus: Corpus, tmp_path: Path
) -> None:
    """Nothing is encoded, nothing is written and the name stays."""
    first = build_snapshot(small_corpus, HashingEncoder(), tmp_path)
    before = {
        path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if "lock" not in path.name
    }
    encoder = CountingEncoder()
    second = build_snapshot(small_corpus, encoder, tmp_path)
    assert (second.built, second.encoded, second.name, encoder.asked) == (False, 0, first.name, [])
    assert {
        path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if "lock" not in path.name
    } == before


def test_one_changed_claim_encodes_only_its_new_text(small_corpus: Corpus, tmp_path: Path) -> None:
    """The rest comes from the live snapshot, bit for bit."""
    build_snapshot(small_corpus, HashingEncoder(), tmp_path)
    old = load_current(tmp_path)
    encoder = CountingEncoder()
    new_words = "The US label says staff watch you for at least 2 hours."
    report = build_snapshot(changed(small_corpus, new_words), encoder, tmp_path)
    assert encoder.asked == [new_words]
    assert report.encoded == 1
    new = load_current(tmp_path)
    vectors = dict(zip(old.item_texts, old.vectors, strict=True))
    assert all(
        np.array_equal(vector, vectors[text])
        for text, vector in zip(new.item_texts, new.vectors, strict=True)
        if text != new_words
    )


def test_vectors_of_another_encoder_are_not_reused(small_corpus: Corpus, tmp_path: Path) -> None:
    """Another digest means encoding everything again."""

    class Other(CountingEncoder):
        digest = "other-256"

    build_snapshot(small_corpus, HashingEncoder(), tmp_path)
    encoder = Other()
    build_snapshot(small_corpus, encoder, tmp_path)
    assert set(encoder.asked) == set(load_current(tmp_path).item_texts)


def test_steps_are_reported_in_their_order(small_corpus: Corpus, tmp_path: Path) -> None:
    """Progress names every step, in order, and encoding ends at its total."""
    seen: list[tuple[Step, int, int]] = []
    build_snapshot(small_corpus, HashingEncoder(), tmp_path, lambda *at: seen.append(at))
    assert list(dict.fromkeys(step for step, _, _ in seen)) == list(Step)
    done, total = [at[1:] for at in seen if at[0] is Step.ENCODE][-1]
    assert done == total > 0


def test_a_second_writer_is_refused(small_corpus: Corpus, tmp_path: Path) -> None:
    """While one build holds the lock, another says so and changes nothing."""
    tmp_path.mkdir(exist_ok=True)
    with FileLock(tmp_path / ".build.lock", timeout=0), pytest.raises(SnapshotError) as caught:
        build_snapshot(small_corpus, HashingEncoder(), tmp_path)
    assert (
        str(caught.value)
        == "another build is running; wait for it, then run `python cli.py index status`"
    )
    assert current_name(tmp_path) is None


def test_a_build_inside_a_build_is_refused(small_corpus: Corpus, tmp_path: Path) -> None:
    """The lock is held from the first step to the last."""
    refused: list[Step] = []

    def on_progress(step: Step, _done: int, _total: int) -> None:
        try:
            build_snapshot(small_corpus, HashingEncoder(), tmp_path)
        except SnapshotError:
            refused.append(step)

    build_snapshot(small_corpus, HashingEncoder(), tmp_path, on_progress)
    assert set(refused) == set(Step)


def test_an_empty_corpus_is_refused(small_corpus: Corpus, tmp_path: Path) -> None:
    """A corpus without a text is not published."""
    with pytest.raises(
        SnapshotError, match="the corpus holds no text; add a source to corpus/sources"
    ):
        build_snapshot(Corpus((), (), (), small_corpus.glossary), HashingEncoder(), tmp_path)
    assert current_name(tmp_path) is None


@pytest.mark.parametrize("at", list(Step))
def test_a_build_that_failed_can_be_tried_again_in_the_same_process(
    small_corpus: Corpus, tmp_path: Path, at: Step
) -> None:
    """An error at any step leaves the old snapshot live, and the next attempt succeeds."""
    old = build_snapshot(part_of(small_corpus, ("clinic-label",)), HashingEncoder(), tmp_path)

    def on_progress(step: Step, _done: int, _total: int) -> None:
        if step is at:
            raise RuntimeError("stopped")

    with pytest.raises(RuntimeError, match="stopped"):
        build_snapshot(small_corpus, HashingEncoder(), tmp_path, on_progress)
    assert load_current(tmp_path).name == old.name
    report = build_snapshot(small_corpus, HashingEncoder(), tmp_path)
    live = load_current(tmp_path)
    assert live.name == report.name != old.name
    assert verify_snapshot(live.folder, read_store(live.folder / "chroma")) == ()


def test_a_damaged_live_snapshot_is_built_again(small_corpus: Corpus, tmp_path: Path) -> None:
    """A build does not take a spoiled snapshot of the same name for done."""
    name = build_snapshot(small_corpus, HashingEncoder(), tmp_path).name
    (tmp_path / name / "vectors.npy").write_bytes(b"spoiled")
    report = build_snapshot(small_corpus, HashingEncoder(), tmp_path)
    assert report.built
    assert verify_snapshot(tmp_path / report.name) == ()


def test_damaged_vectors_are_never_reused(small_corpus: Corpus, tmp_path: Path) -> None:
    """A vector that differs from the manifest is encoded again, not carried over."""
    name = build_snapshot(small_corpus, HashingEncoder(), tmp_path).name
    path = tmp_path / name / "vectors.npy"
    data = bytearray(path.read_bytes())
    data[-2] ^= 1
    path.write_bytes(bytes(data))
    encoder = CountingEncoder()
    build_snapshot(changed(small_corpus, "Other words about 2 hours."), encoder, tmp_path)
    assert set(encoder.asked) == set(load_current(tmp_path).item_texts)


def test_the_manifest_counts_what_is_there(small_corpus: Corpus, tmp_path: Path) -> None:
    """Items, chunks and encoder stand in the manifest as built."""
    report = build_snapshot(small_corpus, HashingEncoder(), tmp_path)
    manifest = json.loads((tmp_path / report.name / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["items"], manifest["chunks"], manifest["encoder"]) == (
        report.items,
        len(small_corpus.chunks),
        "hashing-256",
    )


def test_any_order_of_changes_ends_in_the_content_of_one_clean_build(
    small_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Adding, removing and adding sources ends where one build of the last state ends (invariant 6)."""
    sources = [document.doc_id for document in small_corpus.documents]
    states = st.sets(st.sampled_from(sources), min_size=1).map(lambda ids: tuple(sorted(ids)))

    @given(st.lists(states, min_size=2, max_size=4))
    @settings(max_examples=8)
    def changes(steps: list[tuple[str, ...]]) -> None:
        folder = tmp_path_factory.mktemp("many")
        for ids in steps:
            build_snapshot(part_of(small_corpus, ids), HashingEncoder(), folder)
        clean = tmp_path_factory.mktemp("clean")
        build_snapshot(part_of(small_corpus, steps[-1]), HashingEncoder(), clean)
        many, once = load_current(folder), load_current(clean)
        assert (many.name, many.manifest) == (once.name, once.manifest)
        assert verify_snapshot(many.folder, read_store(many.folder / "chroma")) == ()

    changes()
