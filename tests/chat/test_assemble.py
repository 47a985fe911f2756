"""The one place that chooses: what it refuses, and how it follows the pointer."""

from __future__ import annotations

from pathlib import Path

import pytest

from chat.assemble import LibraryShelf, make_encoder, open_library
from corpus.types import Corpus
from prompts.types import Prompts
from retrieval.build import build_snapshot
from retrieval.errors import EncoderError
from retrieval.hashing import HashingEncoder
from retrieval.snapshot import Snapshot
from settings import Settings
from tests.conftest import TODAY, part_of


def test_an_unknown_encoder_is_refused() -> None:
    """The message names the variable and the choices."""
    with pytest.raises(
        EncoderError, match="ASKWELL_ENCODER: 'gpt' is unknown; use minilm or hashing"
    ):
        make_encoder(Settings(encoder="gpt"))


def test_an_index_of_another_encoder_is_refused(
    small_snapshot: Snapshot, small_prompts: Prompts
) -> None:
    """Vectors of two encoders are never compared."""

    class Other(HashingEncoder):
        digest = "other-256"

    with pytest.raises(
        EncoderError,
        match=r"index was built with 'hashing-256', the encoder is 'other-256'; run `python cli\.py index build`",
    ):
        open_library(small_snapshot, Other(), small_prompts, Settings(), lambda: TODAY)


def test_the_shelf_follows_the_pointer(
    tmp_path: Path, small_corpus: Corpus, small_prompts: Prompts
) -> None:
    """Nothing before the first build, then each live snapshot without a restart."""
    settings = Settings(data=tmp_path, encoder="hashing")
    shelf = LibraryShelf(settings, small_prompts, lambda: TODAY)
    assert shelf.open() is None
    first = build_snapshot(
        part_of(small_corpus, ("clinic-label",)), HashingEncoder(), settings.snapshots
    ).name
    library = shelf.open()
    assert library is not None
    assert library.name == first
    assert shelf.open() is library
    second = build_snapshot(small_corpus, HashingEncoder(), settings.snapshots).name
    reopened = shelf.open()
    assert reopened is not None
    assert reopened.name == second != first
