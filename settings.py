"""One frozen settings object, read once by `app.py` and `cli.py` from ASKWELL_* variables."""

from __future__ import annotations

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Where things lie and which limits hold. Every field can be set as ASKWELL_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="ASKWELL_", frozen=True, extra="forbid")

    data: Path = PROJECT / "var"
    corpus: Path = PROJECT / "corpus"
    prompts: Path = PROJECT / "prompts"
    encoder: str = "minilm"
    longest_message: int = 4_000
    most_statements: int = 6
    pool: int = 200

    @property
    def models(self) -> Path:
        """The folder that holds exported encoders."""
        return self.data / "models"

    @property
    def snapshots(self) -> Path:
        """The folder that holds the index snapshots and the pointer to the live one."""
        return self.data / "snapshots"

    @property
    def proofs(self) -> Path:
        """The folder that remembers which prompt files were proved."""
        return self.data / "proofs"
