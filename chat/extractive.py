"""The default composer: checked claims, quoted as they stand, in an order that reads.

A matching outline answers first, with the best hits after its direct answer. What no outline
matches is composed from the ranking. Each claim
brings its caution and the claims that speak against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from chat.types import Citation, Passage, Statement
from corpus.types import Chunk, Claim, Corpus, Evidence, Outline
from retrieval.abstain import Calibration
from retrieval.types import Hit, Ranking

_MOST_CONTRASTS = 3
_MOST_PER_SOURCE = 3
_FIRST_HITS = 10
_HITS_IN_OUTLINE = 2
_TOLD_AGAIN = 2
_INDIRECT = (Evidence.ANIMAL, Evidence.IN_VITRO)


class ExtractiveComposer:
    """Composes from claims alone; needs no model and no network."""

    name = "extractive"

    def __init__(
        self,
        corpus: Corpus,
        calibration: Calibration,
        most_statements: int,
        today: Callable[[], date],
    ) -> None:
        self._corpus = corpus
        self._calibration = calibration
        self._most = most_statements
        self._today = today
        self._chunks = {chunk.claim.claim_id: chunk for chunk in corpus.chunks if chunk.claim}
        self._sources = {document.doc_id: document.source for document in corpus.documents}

    def draft(
        self, ranking: Ranking, *, general_only: bool = False, told: frozenset[str] = frozenset()
    ) -> Iterator[Statement]:
        """Statements in reading order: of the matching outline and the best hits, or of hits."""
        numbers: dict[str, int] = {}
        shown: set[str] = set()
        for chunk in self._select(ranking, general_only, told):
            if chunk.chunk_id in shown or not self._is_served(chunk):
                continue
            if len(shown) > self._most:
                return  # with both sides shown, a tired reader has enough
            statement = self._statement(chunk, numbers, shown, general_only)
            shown.update({chunk.chunk_id}, (c.claim_id or "" for c in statement.contrasts))
            yield statement

    def nearest(self, ranking: Ranking, k: int = 3) -> tuple[Citation, ...]:
        """The nearest passages, numbered, for an abstention."""
        chunks = [hit.chunk for hit in ranking.hits if self._is_served(hit.chunk)][:k]
        return tuple(self._citation(chunk, number) for number, chunk in enumerate(chunks, start=1))

    def _select(self, ranking: Ranking, general_only: bool, told: frozenset[str]) -> list[Chunk]:
        outline = self._matching_outline(ranking)
        chunks = self._from_hits(ranking.hits)
        if told:
            # A follow-up hears first what it has not heard; what it has may still be the answer.
            fresh = self._from_hits(tuple(h for h in ranking.hits if h.chunk.chunk_id not in told))
            heard = [chunk for chunk in chunks if chunk.chunk_id in told][:_TOLD_AGAIN]
            chunks = [*fresh[: self._most - len(heard)], *heard]
        if outline:
            # The direct answer, then what fits the very question best, then the rest.
            direct, *rest = [self._chunks[claim_id] for claim_id in outline.claim_ids]
            chunks = list(dict.fromkeys([direct, *chunks[:_HITS_IN_OUTLINE], *rest]))
        if general_only:
            chunks = _without_doses(chunks)
        return chunks[: self._most]

    def _matching_outline(self, ranking: Ranking) -> Outline | None:
        found = ranking.outline
        if found is None:
            return None
        claims = found.outline.claim_ids
        first = [hit.chunk.chunk_id for hit in ranking.hits[:_FIRST_HITS]]
        if first and first[0] in claims:
            enough = self._calibration.outline_agreed_from
        elif any(chunk_id in claims for chunk_id in first):
            enough = self._calibration.outline_from
        else:
            enough = self._calibration.outline_alone_from
        return found.outline if found.score >= enough else None

    def _from_hits(self, hits: tuple[Hit, ...]) -> list[Chunk]:
        """Hits near the best one; several sources before many claims of one; lab work last."""
        if not hits:
            return []
        enough = hits[0].score * self._calibration.relevant_from
        near = [hit.chunk for hit in hits if hit.score >= enough]
        kept: list[Chunk] = []
        for chunk in near:
            if sum(other.doc_id == chunk.doc_id for other in kept) < _MOST_PER_SOURCE:
                kept.append(chunk)
        kept = kept[: self._most]
        return sorted(
            kept, key=lambda chunk: chunk.claim is not None and chunk.claim.evidence in _INDIRECT
        )

    def _is_served(self, chunk: Chunk) -> bool:
        return chunk.claim is None or chunk.claim.is_served(self._today())

    def _statement(
        self, chunk: Chunk, numbers: dict[str, int], shown: set[str], general_only: bool
    ) -> Statement:
        claim = chunk.claim
        number = numbers.setdefault(chunk.chunk_id, len(numbers) + 1)
        if claim is None:
            return Statement(
                chunk.text, None, (self._citation(chunk, number),), Evidence.EXPERT_OPINION
            )
        return Statement(
            text=claim.plain,
            claim_id=claim.claim_id,
            citations=(self._citation(chunk, number),),
            evidence=claim.evidence,
            caution=claim.caution,
            contrasts=tuple(
                self._contrast(other, numbers)
                for other in self._other_side(claim, shown, general_only)
            ),
        )

    def _other_side(self, claim: Claim, shown: set[str], general_only: bool) -> list[Chunk]:
        """Claims against this one; those already on the screen in this answer are not repeated."""
        chunks = [self._chunks[claim_id] for claim_id in claim.contrasts if claim_id not in shown]
        if general_only:
            chunks = _without_doses(chunks)
        return [chunk for chunk in chunks if self._is_served(chunk)][:_MOST_CONTRASTS]

    def _contrast(self, chunk: Chunk, numbers: dict[str, int]) -> Statement:
        claim = chunk.claim
        if claim is None:
            raise TypeError(f"{chunk.chunk_id}: only claims have contrasts")
        number = numbers.setdefault(chunk.chunk_id, len(numbers) + 1)
        return Statement(
            claim.plain,
            claim.claim_id,
            (self._citation(chunk, number),),
            claim.evidence,
            claim.caution,
        )

    def _citation(self, chunk: Chunk, number: int) -> Citation:
        passage = Passage(chunk.doc_id, chunk.span, self._corpus.passage(chunk.doc_id, chunk.span))
        second_hand = chunk.claim is not None and chunk.claim.second_hand
        return Citation(
            number, passage, self._sources[chunk.doc_id], chunk.claim is not None, second_hand
        )


def _without_doses(chunks: list[Chunk]) -> list[Chunk]:
    return [chunk for chunk in chunks if chunk.claim is None or not chunk.claim.gives_dose]
