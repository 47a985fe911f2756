"""The command line: binds the command groups of `commands/`."""

from __future__ import annotations

import typer

from commands import ask, corpus, evaluate, index

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    help="Askwell: prepare questions for a ketamine appointment.",
)
app.add_typer(corpus.app, name="corpus")
app.add_typer(index.app, name="index")
app.add_typer(evaluate.app, name="evaluate")
app.command("ask")(ask.ask)


if __name__ == "__main__":
    app()
