"""The only place that chooses implementations."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Lock

from chat.errors import TuningError
from chat.extractive import ExtractiveComposer
from chat.library import Library
from chat.needs import Needs
from chat.severity import SafetyClassifier, load_safety_weights
from chat.tuning import Tuning, find_tuning
from chat.turn import Assistant
from chat.wanted import WantedQuestions, load_together, load_weights
from corpus.types import Term
from prompts.load import load_prompts
from prompts.types import Prompts
from retrieval.abstain import load_calibration
from retrieval.errors import EncoderError
from retrieval.protocols import Encoder, Vectors
from retrieval.search import open_retriever
from retrieval.snapshot import Snapshot, current_name, load_snapshot
from retrieval.spelling import open_speller
from settings import Settings


def assemble(
    settings: Settings, prompts: Prompts | None = None, today: Callable[[], date] | None = None
) -> Assistant:
    """The assistant these settings ask for. Loads rules now, encoder and index at first use."""
    prompts = prompts or load_prompts(settings.prompts, settings.proofs)
    return Assistant(prompts, LibraryShelf(settings, prompts, today or utc_today).open)


def make_encoder(settings: Settings, *, bulk: bool = False) -> Encoder:
    """The encoder named in the settings; `bulk` for indexing, which takes all cores.

    Raises `EncoderError` for an unknown name.
    """
    if settings.encoder == "minilm":
        from retrieval.encode import ServingEncoder, ensure_exported

        threads = (os.cpu_count() or 1) if bulk else 1
        return ServingEncoder(ensure_exported(settings.models), threads)
    if settings.encoder == "hashing":
        from retrieval.hashing import HashingEncoder

        return HashingEncoder()
    raise EncoderError(f"ASKWELL_ENCODER: '{settings.encoder}' is unknown; use minilm or hashing")


def prepare_encoders(settings: Settings) -> Encoder:
    """The encoder that indexes; the tuned one is made ready besides. Raises `EncoderError`."""
    encoder = make_encoder(settings, bulk=True)
    tuned_encoder(settings, encoder, find_tuning(encoder.digest))
    return encoder


def open_safety(settings: Settings, encoder: Encoder) -> SafetyClassifier:
    """The safety classifier of an encoder, tuned where it has a tuning.

    Raises `SafetyWeightsError`, `TuningError` or `EncoderError`.
    """
    tuning, weights = find_tuning(encoder.digest), load_safety_weights(encoder.digest)
    found = tuning.digest if tuning else ""
    if found != weights.tuning:
        raise TuningError(
            f"encoder '{encoder.digest}': its tuning is {found[:12] or 'missing'}, the weights of "
            f"safety were fitted with {weights.tuning[:12] or 'none'}; restore the file or run "
            "`python cli.py evaluate fit-safety`"
        )
    return SafetyClassifier(weights, tuned_encoder(settings, encoder, tuning).encode)


def tuned_encoder(
    settings: Settings, encoder: Encoder, tuning: Tuning | None, *, bulk: bool = False
) -> Encoder:
    """`encoder` with its tuning; itself where there is none. Raises `EncoderError`."""
    if tuning is None:
        return encoder
    from retrieval.encode import ServingEncoder, ensure_exported

    threads = (os.cpu_count() or 1) if bulk else 1
    return ServingEncoder(ensure_exported(settings.models, tuning.path), threads, tuning.path)


class LibraryShelf:
    """Opens the live snapshot and follows its pointer; one encoder and classifier for all."""

    def __init__(self, settings: Settings, prompts: Prompts, today: Callable[[], date]) -> None:
        self._settings = settings
        self._prompts = prompts
        self._today = today
        self._lock = Lock()
        self._encoder: Encoder | None = None
        self._safety: SafetyClassifier | None = None
        self._library: Library | None = None

    def open(self) -> Library | None:
        """The live snapshot, opened; None while there is none."""
        name = current_name(self._settings.snapshots)
        library = self._library
        if name is None or (library is not None and library.name == name):
            return library if name is not None else None
        with self._lock:
            if self._library is None or self._library.name != name:
                self._encoder = self._encoder or make_encoder(self._settings)
                self._safety = self._safety or open_safety(self._settings, self._encoder)
                self._library = open_library(
                    load_snapshot(self._settings.snapshots / name),
                    self._encoder,
                    self._prompts,
                    self._settings,
                    self._today,
                    self._safety,
                )
            return self._library


def open_library(
    snapshot: Snapshot,
    encoder: Encoder,
    prompts: Prompts,
    settings: Settings,
    today: Callable[[], date],
    safety: SafetyClassifier | None = None,
) -> Library:
    """A snapshot with the retrievers, calibration and composer that serve it.

    `safety` is opened here where none is given. Raises `EncoderError` for another encoder's index.
    """
    if snapshot.manifest["encoder"] != encoder.digest:
        raise EncoderError(
            f"index was built with '{snapshot.manifest['encoder']}', "
            f"the encoder is '{encoder.digest}'; run `python cli.py index build`"
        )
    calibration = load_calibration(encoder.digest)
    retriever = open_retriever(snapshot, encoder, settings.pool)
    composer = ExtractiveComposer(snapshot.corpus, calibration, settings.most_statements, today)
    terms = _glossary_words(snapshot.corpus.glossary)
    return Library(
        snapshot.name,
        encoder.digest,
        snapshot.corpus,
        retriever,
        composer,
        composer.nearest,
        calibration,
        terms,
        WantedQuestions(
            prompts.questions,
            open_needs(snapshot, encoder, prompts),
            load_weights(encoder.digest),
            load_together(),
        ),
        safety or open_safety(settings, encoder),
        open_speller(snapshot.corpus),
    )


def open_needs(snapshot: Snapshot, encoder: Encoder, prompts: Prompts) -> Needs:
    """What reads conversations as needs, over the snapshot's vectors."""
    return Needs(
        prompts.questions,
        dict(zip(snapshot.phrases, snapshot.phrase_vectors, strict=True)),
        _claim_vectors(snapshot, prompts),
        encoder.encode,
    )


def _claim_vectors(snapshot: Snapshot, prompts: Prompts) -> dict[str, Vectors]:
    """Vectors of every text of the claims that the question list rests on."""
    named = {claim_id for question in prompts.questions for claim_id in question.evidence}
    items: dict[str, list[int]] = {}
    for item in snapshot.chunk_items:
        chunk_id = snapshot.corpus.chunks[snapshot.item_owner[item]].chunk_id
        if chunk_id in named:
            items.setdefault(chunk_id, []).append(int(item))
    return {chunk_id: snapshot.vectors[places] for chunk_id, places in items.items()}


def _glossary_words(glossary: tuple[Term, ...]) -> frozenset[str]:
    return frozenset(
        form.casefold() for term in glossary for form in (term.term, *term.forms) if " " not in form
    )


def utc_today() -> date:
    """Today by UTC: the clock of everything that expires."""
    return datetime.now(UTC).date()
