"""Findings on a corpus: what a reviewer would have to mend before patients read it.

`load_corpus` refuses files that cannot be read at all; this module judges what they say.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median, quantiles

from corpus.reading_level import LONGEST_SENTENCE_WORDS, grade, longest_sentence
from corpus.types import Claim, Corpus, Evidence, Exemption, Term
from corpus.word_classes import differing_classes
from corpus.wording import drops_species, echoes, unsupported_parts

HIGHEST_GRADE = 8.0
FEWEST_ASKED_AS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where it stands and what is wrong."""

    place: str
    problem: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem}"


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """Counts and reading levels of a corpus (Flesch-Kincaid, textstat 0.7.4), and its findings."""

    sources: int
    claims: int
    outlines: int
    terms: int
    median_grade: float
    p95_grade: float
    median_grade_raw: float
    p95_grade_raw: float
    contrasts: int
    few_asked_as: int
    unread: int
    exemptions: tuple[Exemption, ...]
    findings: tuple[Finding, ...]


def check_corpus(
    corpus: Corpus, today: date, exemptions: tuple[Exemption, ...] = ()
) -> CorpusReport:
    """Judge every claim, contrast, outline and date of `corpus` as of `today`.

    An exemption answers the finding that begins as it says; one that answers nothing is a finding.
    """
    levels = {claim.claim_id: grade(claim.plain, corpus.glossary) for claim in corpus.claims}
    findings = [
        finding
        for claim in corpus.claims
        for finding in _claim_findings(claim, levels[claim.claim_id], corpus, today)
    ]
    findings += _contrast_findings(corpus.claims)
    findings += [f for term in corpus.glossary for f in _term_findings(term, corpus)]
    findings += [
        Finding(d.doc_id, f"review was due on {d.source.review_by}; read the source again")
        for d in corpus.documents
        if d.source.review_by < today
    ]
    findings = _answered(findings, exemptions)
    plain_grades = list(levels.values())
    raw_grades = [grade(claim.plain) for claim in corpus.claims]
    return CorpusReport(
        sources=len(corpus.documents),
        claims=len(corpus.claims),
        outlines=len(corpus.outlines),
        terms=len(corpus.glossary),
        median_grade=_median(plain_grades),
        p95_grade=_p95(plain_grades),
        median_grade_raw=_median(raw_grades),
        p95_grade_raw=_p95(raw_grades),
        contrasts=sum(len(claim.contrasts) for claim in corpus.claims) // 2,
        few_asked_as=sum(_ways(claim) < FEWEST_ASKED_AS for claim in corpus.claims),
        unread=sum(d.source.read_against_source is None for d in corpus.documents),
        exemptions=exemptions,
        findings=tuple(findings),
    )


def _claim_findings(claim: Claim, plain_level: float, corpus: Corpus, today: date) -> list[Finding]:
    problems = [
        f"plain against precise: {problem}"
        for problem in unsupported_parts(claim.plain, claim.precise)
    ]
    problems += differing_classes(claim.plain, claim.precise)
    if claim.evidence is Evidence.ANIMAL and drops_species(claim.plain, "animals"):
        problems.append("evidence is animal and plain does not say so")
    for field, text in (("plain", claim.plain), ("caution", claim.caution)):
        if text is None:
            continue
        level = plain_level if field == "plain" else grade(text, corpus.glossary)
        if level > HIGHEST_GRADE:
            problems.append(f"{field} reads at grade {level:.1f}; {HIGHEST_GRADE:g} at most")
        if longest_sentence(text) > LONGEST_SENTENCE_WORDS:
            problems.append(
                f"{field} has a sentence of {longest_sentence(text)} words; "
                f"{LONGEST_SENTENCE_WORDS} at most"
            )
    if _ways(claim) < FEWEST_ASKED_AS:
        problems.append(f"asked_as needs {FEWEST_ASKED_AS} different phrases")
    problems += [
        f"asked_as '{phrase}' repeats the claim; write it as a patient would ask"
        for phrase in claim.asked_as
        if echoes(phrase, claim.plain)
    ]
    if not claim.is_served(today):
        problems.append(
            f"expired on {claim.expires_on}; it is no longer served: update or remove it"
        )
    return [Finding(claim.claim_id, problem) for problem in problems]


def _term_findings(term: Term, corpus: Corpus) -> list[Finding]:
    place = f"glossary: {term.term}"
    if term.plain is None:
        return [] if term.is_name else [Finding(place, "a term needs an explanation")]
    level = grade(term.plain, corpus.glossary)
    if level <= HIGHEST_GRADE:
        return []
    return [Finding(place, f"explanation reads at grade {level:.1f}; {HIGHEST_GRADE:g} at most")]


def _ways(claim: Claim) -> int:
    return len({phrase.casefold() for phrase in claim.asked_as})


def _answered(findings: list[Finding], exemptions: tuple[Exemption, ...]) -> list[Finding]:
    left, used = [], set()
    for finding in findings:
        answers = [
            e
            for e in exemptions
            if e.place == finding.place and finding.problem.startswith(e.problem)
        ]
        used |= set(answers)
        if not answers:
            left.append(finding)
    return left + [
        Finding("exemptions.yaml", f"{e.place}: '{e.problem}' answers no finding; remove it")
        for e in exemptions
        if e not in used
    ]


def _contrast_findings(claims: tuple[Claim, ...]) -> list[Finding]:
    by_id = {claim.claim_id: claim for claim in claims}
    findings = []
    for claim in claims:
        for other in claim.contrasts:
            if other not in by_id:
                findings.append(
                    Finding(claim.claim_id, f"contrasts with '{other}', which is unknown")
                )
            elif claim.claim_id not in by_id[other].contrasts:
                findings.append(
                    Finding(
                        claim.claim_id, f"contrasts with '{other}', which does not name it back"
                    )
                )
    repeated = [phrase for phrase, n in Counter(c.plain for c in claims).items() if n > 1]
    return findings + [
        Finding("corpus", f"two claims have the same plain text: {phrase!r}") for phrase in repeated
    ]


def _median(values: list[float]) -> float:
    return round(median(values), 1) if values else 0.0


def _p95(values: list[float]) -> float:
    return round(quantiles(values, n=20)[-1], 1) if len(values) > 1 else _median(values)
