"""Prompts checked against the corpus and against what the question list promises."""

from __future__ import annotations

import re
from collections import Counter

from corpus.reading_level import grade
from corpus.types import Corpus
from prompts.types import BankQuestion, Prompts

HIGHEST_QUESTION_GRADE = 6.0


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


def check_questions(corpus: Corpus, prompts: Prompts) -> tuple[str, ...]:
    """What the question list breaks of its promises: reading level, blame, empty cells."""
    problems = [
        problem
        for question in prompts.questions
        for problem in _question_problems(question, corpus, prompts)
    ]
    problems += [
        f"question cells: {cell.category}, {cell.stage.value}, {cell.setting.value}: no question; "
        "write one or take the cell out"
        for cell in prompts.cells
        if not any(
            question.category == cell.category
            and cell.stage in question.stages
            and (not question.applies_to or cell.setting in question.applies_to)
            for question in prompts.questions
        )
    ]
    twice = [
        text for text, n in Counter(q.text.casefold() for q in prompts.questions).items() if n > 1
    ]
    return tuple(problems + [f"questions: {text!r} stands twice" for text in twice])


def _question_problems(question: BankQuestion, corpus: Corpus, prompts: Prompts) -> list[str]:
    place = f"question {question.question_id}"
    problems = []
    texts = {
        "text": question.text,
        "why": question.why,
        "listen_for": question.listen_for,
        "follow_up": question.follow_up,
        "because": question.because,
    }
    for field, text in texts.items():
        level = grade(text, corpus.glossary)
        if level > HIGHEST_QUESTION_GRADE:
            problems.append(
                f"{place}: {field} reads at grade {level:.1f}; {HIGHEST_QUESTION_GRADE:g} at most"
            )
        problems += [
            f"{place}: {field} holds '{word}'; write {instead}"
            for word, instead in prompts.blame_words.items()
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text.casefold())
        ]
    if not question.text.rstrip().endswith("?"):
        problems.append(f"{place}: text is no question; end it with a question mark")
    return problems
