"""The command line: binds the command groups of `commands/`."""

from __future__ import annotations

import typer

from commands import corpus

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Askwell: prepare questions for a ketamine appointment.")
app.add_typer(corpus.app, name="corpus")


if __name__ == "__main__":
    app()
