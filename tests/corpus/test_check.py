"""Each finding of `check_corpus` is raised by one planted fault in a corpus that has none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from corpus.check import CorpusReport, check_corpus
from corpus.load import load_exemptions
from corpus.types import Claim, Corpus, Exemption
from tests.conftest import PROJECT, TODAY


def with_claim(corpus: Corpus, claim_id: str, **changes: object) -> Corpus:
    """The corpus with one claim changed."""
    chunks = tuple(
        replace(chunk, claim=replace(chunk.claim, **changes))
        if chunk.claim and chunk.claim.claim_id == claim_id
        else chunk  # type: ignore[arg-type]
        for chunk in corpus.chunks
    )
    return replace(corpus, chunks=chunks)


def findings(corpus: Corpus, today: date = TODAY) -> list[str]:
    """The findings as lines."""
    return [str(finding) for finding in check_corpus(corpus, today).findings]


def test_a_sound_corpus_has_no_findings(small_corpus: Corpus) -> None:
    """The mutants below start from a clean report, and the counts are those of the files."""
    report: CorpusReport = check_corpus(small_corpus, TODAY)
    assert report.findings == ()
    assert (report.sources, report.claims, report.outlines, report.terms, report.contrasts) == (
        3,
        8,
        2,
        3,
        1,
    )


def test_the_corpus_that_ships_has_no_findings(real_corpus: Corpus) -> None:
    """What patients read passes its own check."""
    exemptions = load_exemptions(PROJECT / "corpus" / "exemptions.yaml")
    assert [str(f) for f in check_corpus(real_corpus, TODAY, exemptions).findings] == []


MUTANTS: list[tuple[str, str, dict[str, object], str]] = [
    ("number changed", "clinic-label#f1", {"plain": "The US label says staff must watch you for at least 3 hours after each Spravato dose."}, "plain against precise: number 3 is not in the passage"),
    ("number word changed", "clinic-label#f1", {"plain": "The US label says staff must watch you for at least five hours after each Spravato dose."}, "plain against precise: number 5 is not in the passage"),
    ("unit added", "clinic-label#f1", {"plain": "The US label says staff must watch you for 2 mg after each Spravato dose."}, "plain against precise: unit mg is not in the passage"),
    ("link added", "clinic-label#f2", {"plain": "Blood pressure can rise for about 4 hours: see www.example.org for more."}, "plain against precise: link www.example.org is not in the passage"),
    ("negation added", "clinic-label#f2", {"plain": "The US label says blood pressure will not rise for about 4 hours after Spravato."}, "plain against precise: only the text holds a negation"),
    ("species dropped", "second-trial#f2", {"plain": "With time, ketamine raised the growth of nerve links."}, "plain drops animals or laboratory work"),
    ("an echo", "clinic-label#f1", {"asked_as": ("staff must watch you for at least 2 hours after each dose", "b", "c")}, "repeats the claim; write it as a patient would ask"),
    ("half added", "clinic-label#f2", {"plain": "The US label says blood pressure can rise for half of about 4 hours."}, "plain against precise: number 50% is not in the passage"),
    ("twice added", "clinic-label#f2", {"plain": "The US label says blood pressure can rise twice for about 4 hours."}, "plain against precise: number 2x is not in the passage"),
    ("share changed", "first-trial#f1", {"precise": "In a trial of ketamine, 48.2% improved.", "plain": "In a trial of ketamine, 84 in 100 people got better."}, "plain against precise: number 84% is not in the passage"),
    ("animal evidence unsaid", "clinic-label#f2", {"evidence": "animal"}, "evidence is animal and plain does not say so"),
    ("contrast one way", "first-trial#f1", {"contrasts": ()}, "contrasts with 'first-trial#f1', which does not name it back"),
    ("contrast unknown", "first-trial#f1", {"contrasts": ("second-trial#f1", "second-trial#f9")}, "contrasts with 'second-trial#f9', which is unknown"),
    ("two ways of asking", "clinic-label#f1", {"asked_as": ("one way", "another way")}, "asked_as needs 3 different phrases"),
    ("the same way thrice", "clinic-label#f1", {"asked_as": ("One way", "one way", "ONE WAY")}, "asked_as needs 3 different phrases"),
    ("expired", "clinic-label#f1", {"expires_on": date(2026, 11, 22)}, "expired on 2026-11-22; it is no longer served: update or remove it"),
    ("long sentence", "clinic-label#f2", {"caution": "It " + "may go up and " * 5 + "then go on down."}, "caution has a sentence of 25 words; 20 at most"),
    ("hard words", "clinic-label#f2", {"caution": "Physiological haemodynamic instability necessitates individualised cardiovascular evaluation."}, "caution reads at grade"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("claim_id", "changes", "expected"), [m[1:] for m in MUTANTS], ids=[m[0] for m in MUTANTS]
)
def test_a_planted_fault_is_found(
    small_corpus: Corpus, claim_id: str, changes: dict[str, object], expected: str
) -> None:
    """One fault gives a finding that names the claim and the fault."""
    if "evidence" in changes:
        from corpus.types import Evidence

        changes = {"evidence": Evidence(str(changes["evidence"]))}
    assert any(expected in line for line in findings(with_claim(small_corpus, claim_id, **changes)))


def test_a_dropped_negation_is_found(small_corpus: Corpus) -> None:
    """A claim whose passage says "not" cannot lose it in plain words."""
    chunk = small_corpus.chunks[2]
    assert chunk.claim is not None
    precise = "The US label states that Spravato must not be used at home."
    spoiled = with_claim(
        small_corpus,
        "clinic-label#f3",
        precise=precise,
        plain="The US label says you may take Spravato home.",
    )
    assert "clinic-label#f3: plain against precise: only the passage holds a negation" in findings(
        spoiled
    )


def test_a_claim_is_served_on_its_last_day(small_corpus: Corpus) -> None:
    """Expiry is a finding from the day after `expires_on`, not on it."""
    assert not any("expired" in line for line in findings(small_corpus, date(2026, 12, 31)))
    assert any(
        "clinic-label#f5: expired on 2026-12-31" in line
        for line in findings(small_corpus, date(2027, 1, 1))
    )


def test_a_review_that_is_past_is_found(small_corpus: Corpus) -> None:
    """Each source is due on its own day."""
    assert not any("review was due" in line for line in findings(small_corpus, date(2027, 11, 1)))
    late = findings(small_corpus, date(2027, 11, 2))
    assert "clinic-label: review was due on 2027-11-01; read the source again" in late


def test_two_claims_with_one_plain_text_are_found(small_corpus: Corpus) -> None:
    """A sentence that stands twice would be shown twice."""
    claim: Claim = small_corpus.claims[1]
    same = with_claim(small_corpus, "clinic-label#f1", plain=claim.plain)
    assert f"corpus: two claims have the same plain text: {claim.plain!r}" in findings(same)


def test_an_exemption_answers_its_finding_alone(small_corpus: Corpus) -> None:
    """It holds for one claim and one problem, and is a finding itself once it answers nothing."""
    spoiled = with_claim(small_corpus, "clinic-label#f1", asked_as=("one", "two"))
    allowed = (Exemption("clinic-label#f1", "asked_as needs 3", "looked at"),)
    assert check_corpus(spoiled, TODAY, allowed).findings == ()
    other = (Exemption("clinic-label#f2", "asked_as needs 3", "looked at"),)
    lines = [str(finding) for finding in check_corpus(spoiled, TODAY, other).findings]
    assert "clinic-label#f1: asked_as needs 3 different phrases" in lines
    assert (
        "exemptions.yaml: clinic-label#f2: 'asked_as needs 3' answers no finding; remove it"
        in lines
    )


def test_the_report_counts_what_is_unread_and_what_has_few_ways_of_asking(
    small_corpus: Corpus,
) -> None:
    """Both counts follow the files."""
    spoiled = with_claim(small_corpus, "clinic-label#f1", asked_as=("one", "two"))
    assert check_corpus(spoiled, TODAY).few_asked_as == 1
    unread = [d for d in small_corpus.documents if d.source.read_against_source is None]
    assert check_corpus(small_corpus, TODAY).unread == len(unread)
