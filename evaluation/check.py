"""Prompts checked against the corpus: every claim id that a question or help line names exists."""

from __future__ import annotations

from corpus.types import Corpus
from prompts.types import Prompts


def check_references(corpus: Corpus, prompts: Prompts) -> tuple[str, ...]:
    """One line for each claim id that is named in `prompts/` and not in the corpus."""
    known = {claim.claim_id for claim in corpus.claims}
    named = [
        (f"question {q.question_id}", claim_id)
        for q in prompts.questions
        for claim_id in q.evidence
    ]
    named += [
        (f"help_lines.yaml: {country.code}: {line.name}", line.claim_id)
        for country in prompts.countries
        for line in (*country.crisis, *country.poison)
    ]
    return tuple(
        f"{place}: claim '{claim_id}' is unknown; use the id of a claim in corpus/sources"
        for place, claim_id in named
        if claim_id not in known
    )
