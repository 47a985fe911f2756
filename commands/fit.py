"""`cli.py evaluate calibrate`, `fit-…`, `tune-…`: numbers that are data, made by a command."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from chat.assemble import make_encoder, open_needs, tuned_encoder
from chat.errors import ChatError
from chat.needs import FEATURES
from chat.severity import write_safety_weights
from chat.tuning import find_tuning, tuning_path
from chat.wanted import COMPANY_FEATURES, write_suggestion_data
from evaluation.calibrate import calibrate, load_labelled, write_calibration
from evaluation.errors import EvaluationError
from evaluation.fit_safety import fit_safety
from evaluation.fit_suggestions import fit_suggestions
from evaluation.lessons import harmless_messages, severity_lessons
from evaluation.safety_run import load_messages
from evaluation.suggestions_run import load_conversations
from evaluation.tune import tune_encoder
from prompts.errors import PromptError
from prompts.load import load_prompts
from retrieval.abstain import CALIBRATIONS
from retrieval.errors import RetrievalError
from retrieval.search import open_retriever
from retrieval.snapshot import load_current
from settings import PROJECT, Settings

_DATA = PROJECT / "evaluation" / "data"


def add_commands(app: typer.Typer) -> None:
    """Add what fits numbers to `cli.py evaluate`."""
    app.command("calibrate")(calibrate_abstention)
    app.command("fit-suggestions")(fit_suggestion_weights)
    app.command("tune")(tune)
    app.command("fit-safety")(fit_safety_weights)


def calibrate_abstention(
    labelled: Annotated[Path, typer.Option(help="Labelled questions, JSONL.")] = _DATA
    / "abstention.jsonl",
) -> None:
    """Fit the current encoder's abstention weights on the live index and write them as data."""
    settings = Settings()
    try:
        encoder, snapshot = make_encoder(settings, bulk=True), load_current(settings.snapshots)
    except RetrievalError as error:
        _stop(str(error))
    if not labelled.exists():
        _stop(f"{labelled}: no such file; give one with --labelled")
    retriever = open_retriever(snapshot, encoder, settings.pool)
    calibration, report = calibrate(encoder.digest, load_labelled(labelled), retriever)
    path = write_calibration(calibration, CALIBRATIONS)
    print(
        f"{path.name}: {report.labelled} labelled questions; out of fold: "
        f"wrongly refused {report.wrongly_refused:.1%}, "
        f"wrongly answered {report.wrongly_answered:.1%} "
        f"(off the subject {report.wrongly_answered_off_topic:.1%})"
    )


def fit_suggestion_weights() -> None:
    """Fit the current encoder's weights for suggestions on the training conversations."""
    settings = Settings()
    try:
        prompts = load_prompts(settings.prompts)
        conversations = load_conversations(_DATA / "suggestions" / "train.jsonl")
        encoder, snapshot = make_encoder(settings, bulk=True), load_current(settings.snapshots)
        needs = open_needs(snapshot, encoder, prompts)
    except (RetrievalError, EvaluationError, PromptError) as error:
        _stop(str(error))
    weights, counts = fit_suggestions(encoder.digest, needs, prompts.questions, conversations)
    path = write_suggestion_data(weights, counts)
    print(f"{path.name}: fitted on {len(conversations)} conversations")
    names = (*FEATURES, *COMPANY_FEATURES)
    for name, weight in sorted(
        zip(names, weights.wanted.weights, strict=True), key=lambda pair: -abs(pair[1])
    ):
        print(f"  {name:20} {weight:+.2f}")


def tune() -> None:
    """Teach the encoder to tell danger from look-alikes (a quarter of an hour); then fit-safety."""
    settings = Settings()
    try:
        encoder = make_encoder(settings, bulk=True)
        lessons = severity_lessons(
            load_messages(_DATA / "safety_phrases.jsonl"), harmless_messages(_DATA)
        )
        path = tuning_path(encoder.digest)
        tune_encoder(
            lessons,
            path,
            lambda done, of, loss: print(f"  pass {done} of {of}: loss {loss:.4f}", flush=True),
        )
    except (RetrievalError, EvaluationError) as error:
        _stop(str(error))
    print(f"{path.name}: written; now run evaluate fit-safety")


def fit_safety_weights() -> None:
    """Fit the current encoder's safety classifier on the labelled phrases; say what it adds."""
    settings = Settings()
    try:
        prompts = load_prompts(settings.prompts)
        phrases = load_messages(_DATA / "safety_phrases.jsonl")
        ordinary = harmless_messages(_DATA)
        encoder = make_encoder(settings, bulk=True)
        tuning = find_tuning(encoder.digest)
        tuned = tuned_encoder(settings, encoder, tuning, bulk=True)
    except (RetrievalError, EvaluationError, PromptError, ChatError) as error:
        _stop(str(error))
    digest = tuning.digest if tuning else ""
    weights, layers = fit_safety(tuned, digest, encoder.digest, phrases, ordinary, prompts.rules)
    path = write_safety_weights(weights)
    print(
        f"{path.name}: crisis from {weights.crisis_from}, emergency from {weights.emergency_from}, "
        f"check-in from {weights.check_in_from}"
    )
    for row in layers:
        print(
            f"  {row.label:10} {row.phrases:5} phrases: by rules {row.by_rules:.1%}, "
            f"with the classifier {row.with_classifier:.1%}, "
            f"with help lines above the reply {row.with_check_in:.1%} (held out)"
        )


def _stop(message: str) -> NoReturn:
    print(message)
    raise typer.Exit(2)
