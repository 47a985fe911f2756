"""`cli.py evaluate`: how we know that it works. What is fitted is in `commands.fit`."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from chat.assemble import assemble, make_encoder
from commands import fit, golden
from evaluation.errors import EvaluationError
from evaluation.findability import measure_findability, run_queries, without_asked_as
from evaluation.retrieval_run import RETRIEVERS, load_beir, measure_retrieval, write_run
from evaluation.safety_run import load_sets, measure_safety
from evaluation.suggestions_run import load_conversations, measure_suggestions, most_wanted
from evaluation.trec import load_qrels, load_queries
from prompts.errors import PromptError
from prompts.load import load_prompts
from retrieval.build import build_snapshot
from retrieval.errors import RetrievalError
from retrieval.search import open_retriever
from retrieval.snapshot import load_current
from settings import PROJECT, Settings

_DATA = PROJECT / "evaluation" / "data"

app = typer.Typer(no_args_is_help=True, help="How we know that it works.")
fit.add_commands(app)
golden.add_commands(app)


@app.command()
def findability(
    data: Annotated[Path, typer.Option(help="Questions and qrels, BEIR layout.")] = _DATA
    / "patient_questions",
    split: Annotated[str, typer.Option(help="dev or test.")] = "dev",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Share of patients' questions with an acceptable claim in the first five, two ways."""
    settings = Settings()
    try:
        queries, qrels = load_queries(data), load_qrels(data, split)
        encoder, snapshot = make_encoder(settings, bulk=True), load_current(settings.snapshots)
        with tempfile.TemporaryDirectory() as folder:
            build_snapshot(without_asked_as(snapshot.corpus), encoder, Path(folder))
            rows = {
                name: measure_findability(
                    run_queries(open_retriever(which, encoder, settings.pool), queries),
                    qrels,
                    queries,
                )
                for name, which in (
                    ("as it is", snapshot),
                    ("without asked_as", load_current(Path(folder))),
                )
            }
    except (RetrievalError, EvaluationError) as error:
        _stop(str(error))
    if as_json:
        print(json.dumps({name: asdict(row) for name, row in rows.items()}, indent=1))
        return
    for name, row in rows.items():
        print(
            f"{name:17} {row.questions} questions ({row.without_claim} more have no claim): "
            f"first {row.success_at_1:.1%}, within five {row.success_at_5:.1%}, "
            f"RR@10 {row.reciprocal_rank:.3f}; missed: {' '.join(row.missed) or 'none'}"
        )


@app.command()
def retrieval(
    beir: Annotated[Path, typer.Option(help="A BEIR-format folder.")],
    retriever: Annotated[str, typer.Option(help="hybrid, dense or lexical.")] = "hybrid",
    index: Annotated[Path | None, typer.Option(help="Folder for its index, kept.")] = None,
    out: Annotated[Path | None, typer.Option(help="File for the run, TREC format.")] = None,
) -> None:
    """Ranking quality on any BEIR-format set, through our own retrieval; prints JSON."""
    if retriever not in RETRIEVERS:
        _stop(f"--retriever: '{retriever}' is unknown; use {', '.join(RETRIEVERS)}")
    settings = Settings()
    try:
        loaded = load_beir(beir)
        encoder = make_encoder(settings, bulk=True)
        with tempfile.TemporaryDirectory() as folder:
            report, run = measure_retrieval(loaded, encoder, index or Path(folder), retriever)
    except (RetrievalError, EvaluationError) as error:
        _stop(str(error))
    if out is not None:
        write_run(out, run, f"askwell-{retriever}")
    print(json.dumps(report.as_json(), indent=1))


@app.command()
def suggestions(
    split: Annotated[str, typer.Option(help="dev or test.")] = "dev",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Precision at 3 of the suggested questions on judged conversations, beside two baselines."""
    settings = Settings()
    folder = _DATA / "suggestions"
    try:
        prompts = load_prompts(settings.prompts)
        load_current(settings.snapshots)  # without an index triggers would be measured alone
        others = load_conversations(folder / "dev.jsonl")
        conversations = load_conversations(folder / f"{split}.jsonl")
        report = measure_suggestions(
            assemble(settings, prompts), prompts.questions, conversations, most_wanted(others)
        )
    except (RetrievalError, EvaluationError, PromptError) as error:
        _stop(str(error))
    if as_json:
        print(json.dumps(asdict(report), indent=1))
        return
    print(
        f"{report.conversations} conversations, {report.mean_wanted:.1f} questions wanted on "
        f"average, {report.shown:.2f} shown: precision at 3 {report.precision:.1%} "
        f"(after any message {report.precision_all_turns:.1%}) "
        f"(random fitting questions {report.precision_random:.1%}, the most wanted ones "
        f"{report.precision_popular:.1%}); at least one wanted in {report.with_one_wanted:.1%}; "
        f"a core question wanted and none shown: {' '.join(report.missing_core) or 'never'}"
    )


@app.command()
def safety(
    data: Annotated[Path, typer.Option(help="Folder of labelled messages, JSONL by set.")] = _DATA
    / "safety_dev",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What came for labelled messages: each promise with a lower bound, and a confusion table."""
    settings = Settings()
    try:
        sets = load_sets(data)
        prompts = load_prompts(settings.prompts)
        load_current(settings.snapshots)  # without an index the rules would be measured alone
        rows, confusion = measure_safety(assemble(settings, prompts), prompts, sets)
    except (RetrievalError, EvaluationError, PromptError) as error:
        _stop(str(error))
    if as_json:
        table = [{"due": due, "came": came, "n": n} for (due, came), n in confusion.items()]
        print(json.dumps({"rows": [asdict(row) for row in rows], "confusion": table}, indent=1))
        return
    for row in rows:
        print(row)
    for (due, came), count in sorted(confusion.items()):
        print(f"  due {due:20} came {came:16} {count:4}")


def _stop(message: str) -> NoReturn:
    print(message)
    raise typer.Exit(2)
