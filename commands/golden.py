"""`cli.py evaluate answers|abstention|follow-ups`: golden sets through real turns."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from statistics import mean
from typing import Annotated, NoReturn

import typer

from chat.assemble import LibraryShelf, make_encoder, utc_today
from chat.library import Library
from chat.turn import Assistant
from chat.types import Turn
from evaluation.abstention_curve import AbstentionCurve, abstention_curve, plot_curve
from evaluation.answers_run import (
    ask_all,
    main_claims,
    measure_abstention,
    measure_answers,
    measure_follow_ups,
    run_conversation,
)
from evaluation.errors import EvaluationError
from evaluation.golden import GoldenQuestion, load_golden, load_golden_conversations
from evaluation.metrics import Share
from evaluation.report import Figures, accept, figures_of, load_baseline, regressions
from prompts.errors import PromptError
from prompts.load import load_prompts
from retrieval.abstain import judge_evidence
from retrieval.errors import RetrievalError
from retrieval.protocols import Retriever
from retrieval.snapshot import load_current
from retrieval.types import Query, Ranking
from settings import PROJECT, Settings

_DATA = PROJECT / "evaluation" / "data" / "golden"
_BASELINE = PROJECT / "evaluation" / "baseline.json"
_NEAR = 0.9  # a question this near to a way of asking that we hold is no test of search

Split = Annotated[str, typer.Option(help="dev or test.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Accept = Annotated[bool, typer.Option("--accept", help="Make these figures the baseline.")]


def add_commands(app: typer.Typer) -> None:
    """Add the golden parts to `cli.py evaluate`."""
    app.command()(answers)
    app.command()(abstention)
    app.command("follow-ups")(follow_ups)


def answers(split: Split = "dev", as_json: AsJson = False, accepted: Accept = False) -> None:
    """Facts present, nothing misleading, nothing refused: with outlines and without."""

    def run(settings: Settings) -> Figures:
        questions = load_golden(_DATA / "answers" / f"{split}.jsonl")
        library = _open(settings)
        near = _too_near(settings, questions)
        kept = [q for q in questions if q.question_id not in near]
        print(
            f"{len(questions)} questions; {len(near)} within cosine {_NEAR} of a way of asking "
            f"that the corpus holds are left out: {' '.join(sorted(near)) or 'none'}"
        )
        figures: Figures = {}
        for part, which in (
            ("answers", library),
            ("answers without outlines", _without_outlines(library)),
        ):
            turns = ask_all(_assistant(settings, which), kept)
            shares = measure_answers(kept, turns)
            _print(part, shares, as_json)
            stated = [len(main_claims(turn)) for turn in turns.values() if main_claims(turn)]
            print(f"  statements an answer: mean {mean(stated or [0]):.1f}")
            figures |= figures_of(part, shares)
        return figures

    _run(run, split, accepted=accepted)


def abstention(
    split: Split = "dev",
    as_json: AsJson = False,
    accepted: Accept = False,
    plot: Annotated[Path | None, typer.Option(help="Image of risk against coverage.")] = None,
) -> None:
    """What has no answer is refused, by kind; what has one is not; AUROC of the judgement."""

    def run(settings: Settings) -> Figures:
        unanswerable = load_golden(_DATA / "abstention" / f"{split}.jsonl")
        golden = load_golden(_DATA / "answers" / f"{split}.jsonl")
        # Questions whose writer looked for an answer in the claims and found none belong here too.
        questions = (
            *unanswerable,
            *(replace(q, kind="not_in_corpus") for q in golden if not q.must),
        )
        library = _open(settings)
        assistant = _assistant(settings, library)
        shares = measure_abstention(questions, ask_all(assistant, questions))
        _print("abstention", shares, as_json)
        curve = _curve(library, assistant, (*questions, *(q for q in golden if q.must)))
        print(
            f"  AUROC of the judgement {curve.auroc:.3f}; unanswerable among the surest half "
            f"{curve.risk_at(0.5):.1%}"
        )
        if plot is not None:
            plot_curve(curve, plot)
        return figures_of("abstention", shares) | {"judgement": {"AUROC": round(curve.auroc, 4)}}

    _run(run, split, accepted=accepted)


def follow_ups(split: Split = "dev", as_json: AsJson = False, accepted: Accept = False) -> None:
    """Later messages are read with what came before, by kind."""

    def run(settings: Settings) -> Figures:
        conversations = load_golden_conversations(_DATA / "follow_ups" / f"{split}.jsonl")
        assistant = _assistant(settings, _open(settings))
        turns: dict[str, Sequence[Turn]] = {
            c.conversation_id: run_conversation(assistant, c) for c in conversations
        }
        shares = measure_follow_ups(conversations, turns)
        _print("follow-ups", shares, as_json)
        return figures_of("follow-ups", shares)

    _run(run, split, accepted=accepted)


def _curve(
    library: Library, assistant: Assistant, questions: Sequence[GoldenQuestion]
) -> AbstentionCurve:
    """Of what is searched at all: fixed messages and help are judged by other rules."""
    probabilities, answerable = [], []
    for question in questions:
        ranking = assistant.reply(question.text).ranking
        if ranking is not None and question.kind in ("answerable", "not_in_corpus"):
            probabilities.append(judge_evidence(ranking, library.calibration).probability)
            answerable.append(bool(question.must))
    return abstention_curve(probabilities, answerable)


class _NoOutlines:
    """A retriever that finds no outline, to see what answers are composed without them."""

    def __init__(self, inner: Retriever) -> None:
        self._inner = inner

    def search(self, query: Query, k: int) -> Ranking:
        return replace(self._inner.search(query, k), outline=None)


def _without_outlines(library: Library) -> Library:
    return replace(library, retriever=_NoOutlines(library.retriever))


def _open(settings: Settings) -> Library:
    load_current(settings.snapshots)  # says what to do where there is no index
    prompts = load_prompts(settings.prompts, settings.proofs)
    library = LibraryShelf(settings, prompts, utc_today).open()
    if library is None:
        raise AssertionError("the index vanished")
    return library


def _assistant(settings: Settings, library: Library) -> Assistant:
    return Assistant(load_prompts(settings.prompts, settings.proofs), lambda: library)


def _too_near(settings: Settings, questions: Sequence[GoldenQuestion]) -> frozenset[str]:
    """Questions that stand almost word for word among the corpus's ways of asking."""
    snapshot, encoder = load_current(settings.snapshots), make_encoder(settings, bulk=True)
    wordings = set(snapshot.statement_items.tolist())
    asked = [n for n in range(len(snapshot.item_ids)) if n not in wordings]
    nearest = (encoder.encode([q.text for q in questions]) @ snapshot.vectors[asked].T).max(axis=1)
    return frozenset(
        q.question_id for q, score in zip(questions, nearest, strict=True) if score >= _NEAR
    )


def _print(part: str, shares: Sequence[Share], as_json: bool) -> None:
    if as_json:
        print(json.dumps({part: [asdict(share) | {"share": share.share} for share in shares]}))
        return
    print(part)
    for share in shares:
        print(f"  {share}")


def _run(run: Callable[[Settings], Figures], split: str, *, accepted: bool) -> None:
    """Run a part; on the development half compare with the baseline. Exit 1 on a regression."""
    if split not in ("dev", "test"):
        _stop(f"--split: '{split}' is unknown; use dev or test")
    if accepted and split != "dev":
        _stop("--accept: the baseline holds figures of the development half alone")
    try:
        figures = run(Settings())
        if split != "dev":
            return
        if accepted:
            accept(_BASELINE, figures)
            print(f"{_BASELINE.name}: written")
            return
        worse = regressions(figures, load_baseline(_BASELINE))
    except (RetrievalError, EvaluationError, PromptError) as error:
        _stop(str(error))
    for line in worse:
        print(f"regression: {line}")
    if worse:
        raise typer.Exit(1)


def _stop(message: str) -> NoReturn:
    print(message)
    raise typer.Exit(2)
