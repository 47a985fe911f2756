"""The command line: binds the command groups of `commands/`, each imported when it is named."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Command, Context

_COMMANDS = ("ask", "corpus", "index", "evaluate")


class _OnDemand(TyperGroup):
    """Imports late: evaluation brings scikit-learn and SciPy: a second that `ask` need not wait."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - the library's signature
        return list(_COMMANDS)

    def get_command(
        self,
        ctx: Context,  # noqa: ARG002 - the library's signature
        cmd_name: str,
    ) -> Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = typer.main.get_command(import_module(f"commands.{cmd_name}").app)
        command.name = cmd_name
        return command


app = typer.Typer(cls=_OnDemand, no_args_is_help=True, add_completion=False)


@app.callback()
def _askwell() -> None:
    """Askwell: prepare questions for a ketamine appointment."""


if __name__ == "__main__":
    app()
