"""`cli.py index`: build, status, verify. Exit 0 fine, 1 findings, 2 usage or a missing index."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Annotated, NoReturn

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from chat.assemble import prepare_encoders
from chat.needs import phrases_of
from corpus.check import check_corpus
from corpus.errors import CorpusError
from corpus.load import load_corpus
from evaluation.check import check_references
from prompts.errors import PromptError
from prompts.load import load_prompts
from retrieval.build import Step, build_snapshot
from retrieval.dense import read_store
from retrieval.errors import RetrievalError, SnapshotError
from retrieval.snapshot import load_current, verify_snapshot
from settings import Settings

app = typer.Typer(no_args_is_help=True, help="The index: build it, see it, verify it.")
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def build() -> None:
    """Build the index from corpus/ (only new texts are encoded) and make it live."""
    settings = Settings()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    try:
        corpus = load_corpus(settings.corpus)
        prompts = load_prompts(settings.prompts)
        problems = check_references(corpus, prompts)
        problems += tuple(
            str(f)
            for f in check_corpus(corpus, datetime.now(UTC).date()).findings
            if "unknown" in f.problem
        )
        if problems:
            _stop(f"{problems[0]} ({len(problems)} in all); nothing was built")
        with Progress(*columns) as progress:
            bars = {step: progress.add_task(step.value, total=None, visible=False) for step in Step}

            def on_progress(step: Step, done: int, total: int) -> None:
                for earlier in list(Step)[: list(Step).index(step)]:
                    bar = progress.tasks[bars[earlier]]
                    progress.update(bars[earlier], total=bar.total or 1, completed=bar.total or 1)
                progress.update(bars[step], completed=done, total=total or 1, visible=True)

            report = build_snapshot(
                corpus,
                prepare_encoders(settings),
                settings.snapshots,
                on_progress,
                phrases_of(prompts.questions),
            )
            progress.update(bars[Step.PUBLISH], completed=1, total=1)
    except (CorpusError, PromptError, RetrievalError) as error:
        _stop(str(error))
    done = "built and live" if report.built else "already live, nothing changed"
    print(f"snapshot {report.name}: {done}; {report.items} texts, {report.encoded} encoded")


@app.command()
def status(as_json: Json = False) -> None:
    """Say which snapshot is live and what it holds."""
    try:
        snapshot = load_current(Settings().snapshots)
    except SnapshotError as error:
        _stop(str(error))
    counts = {
        "snapshot": snapshot.name,
        "encoder": snapshot.manifest["encoder"],
        "sources": len(snapshot.corpus.documents),
        "claims": len(snapshot.corpus.claims),
        "chunks": len(snapshot.corpus.chunks),
        "texts": len(snapshot.item_ids),
        "outlines": len(snapshot.corpus.outlines),
    }
    print(
        json.dumps(counts)
        if as_json
        else "\n".join(f"{key:10} {value}" for key, value in counts.items())
    )


@app.command()
def verify(as_json: Json = False) -> None:
    """Compare the live snapshot's bytes and passages with its manifest. Exit 1 if it differs."""
    try:
        folder = load_current(Settings().snapshots).folder
        problems = verify_snapshot(folder)
        problems = problems or verify_snapshot(folder, read_store(folder / "chroma"))
    except SnapshotError as error:
        problems = (str(error),)
    if as_json:
        print(json.dumps({"problems": problems}))
    else:
        print("\n".join(problems) if problems else "the live snapshot is as it was built")
    raise typer.Exit(1 if problems else 0)


def _stop(message: str) -> NoReturn:
    print(message)
    raise typer.Exit(2)
