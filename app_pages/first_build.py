"""Builds the first index in the background, so that the page, and help, answer at once."""

from __future__ import annotations

from threading import Thread

from chat.assemble import prepare_encoders
from chat.needs import phrases_of
from corpus.load import load_corpus
from prompts.load import load_prompts
from retrieval.build import Step, build_snapshot
from retrieval.snapshot import current_name
from settings import Settings

_SHARES = {
    Step.START: 0.02,
    Step.ENCODE: 0.1,
    Step.WRITE: 0.8,
    Step.LEXICAL: 0.82,
    Step.STORE: 0.86,
    Step.VERIFY: 0.92,
    Step.PUBLISH: 1.0,
}


class FirstBuild:
    """A build, run once where no snapshot is live. `share` goes from 0 to 1; `error` ends it."""

    def __init__(self, settings: Settings) -> None:
        self.share = 0.0
        self.error: str | None = None
        self._settings = settings
        self._thread: Thread | None = None

    @property
    def is_needed(self) -> bool:
        """Whether there is still no live snapshot."""
        return current_name(self._settings.snapshots) is None

    def start(self) -> None:
        """Start the build unless it runs already or failed."""
        if self.is_needed and self._thread is None:
            self._thread = Thread(target=self._run, name="first-build", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        try:
            build_snapshot(
                load_corpus(self._settings.corpus),
                prepare_encoders(self._settings),
                self._settings.snapshots,
                self._on_progress,
                phrases_of(load_prompts(self._settings.prompts, self._settings.proofs).questions),
            )
        except Exception as error:
            self.error = f"{error}"

    def _on_progress(self, step: Step, done: int, total: int) -> None:
        share = _SHARES[step]
        self.share = share + 0.7 * done / total if step is Step.ENCODE and total else share
