"""`cli.py evaluate`: calibrate abstention from labelled questions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from chat.assemble import make_encoder
from evaluation.calibrate import calibrate, load_labelled, write_calibration
from retrieval.abstain import CALIBRATIONS
from retrieval.errors import RetrievalError
from retrieval.exact import ExactRetriever
from retrieval.lexical import LexicalRetriever
from retrieval.search import HybridRetriever
from retrieval.snapshot import load_current
from settings import PROJECT, Settings

app = typer.Typer(no_args_is_help=True, help="How we know that it works.")


@app.callback()
def _group() -> None:
    """Keep `calibrate` a subcommand while it is the only one."""


@app.command("calibrate")
def calibrate_abstention(
    labelled: Annotated[Path, typer.Option(help="Labelled questions, JSONL.")] = PROJECT
    / "evaluation"
    / "data"
    / "abstention.jsonl",
) -> None:
    """Fit the current encoder's abstention weights on the live index and write them as data."""
    settings = Settings()
    try:
        encoder, snapshot = make_encoder(settings), load_current(settings.snapshots)
    except RetrievalError as error:
        _stop(str(error))
    if not labelled.exists():
        _stop(f"{labelled}: no such file; give one with --labelled")
    retriever = HybridRetriever(
        snapshot, ExactRetriever(snapshot, encoder), LexicalRetriever(snapshot), settings.pool
    )
    calibration, report = calibrate(encoder.digest, load_labelled(labelled), retriever)
    path = write_calibration(calibration, CALIBRATIONS)
    print(
        f"{path.name}: {report.labelled} labelled questions; out of fold: "
        f"wrongly refused {report.wrongly_refused:.1%}, "
        f"wrongly answered {report.wrongly_answered:.1%} "
        f"(off the subject {report.wrongly_answered_off_topic:.1%})"
    )


def _stop(message: str) -> NoReturn:
    print(message)
    raise typer.Exit(2)
