"""The rules, questions and help lines that ship: examples behave, references exist, language carries no blame."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from chat.present import _ABSTENTION_MESSAGES
from chat.retell import SIMPLER_NOTICE, SOURCE_NOTICE
from chat.route import route_message
from corpus.types import Corpus, Evidence
from evaluation.check import check_questions, check_references
from prompts.types import CATEGORIES, CORE_CATEGORIES, Prompts, Route, Stage


def test_every_route_has_rules(real_prompts: Prompts) -> None:
    """No route lost its file."""
    assert {rule.route for rule in real_prompts.rules} == set(Route) - {Route.ANSWER}


def test_every_example_of_help_leads_to_help(real_prompts: Prompts) -> None:
    """What a crisis or emergency rule must match is routed to help when all the rules judge together."""
    help_routes = (Route.CRISIS, Route.EMERGENCY)
    lost = [
        p
        for rule in real_prompts.rules
        if rule.route in help_routes
        for p in rule.must_match
        if route_message(p, real_prompts.rules).route not in help_routes
    ]
    assert lost == []


def test_no_example_of_a_crisis_is_less_than_its_rule(real_prompts: Prompts) -> None:
    """Judged by all the rules, an example is at least as severe as the rule that it belongs to."""
    severity = {rule.rule_id: rule.severity for rule in real_prompts.rules}
    lowered = [
        (rule.rule_id, phrase)
        for rule in real_prompts.rules
        if rule.route is Route.CRISIS
        for phrase in rule.must_match
        if severity[str(route_message(phrase, real_prompts.rules).rule_id)] < rule.severity
    ]
    assert lowered == []


def test_every_claim_that_prompts_name_exists(real_corpus: Corpus, real_prompts: Prompts) -> None:
    """Questions and help lines rest on claims of the corpus."""
    assert check_references(real_corpus, real_prompts) == ()


def test_a_question_of_an_unknown_claim_is_reported(
    small_corpus: Corpus, real_prompts: Prompts
) -> None:
    """Against another corpus the same prompts are found wanting, line by line."""
    problems = check_references(small_corpus, real_prompts)
    assert any(p.startswith("question ") for p in problems)
    assert any(
        p.startswith("help_lines.yaml: US: ")
        and p.endswith("use the id of a claim in corpus/sources")
        for p in problems
    )


def test_the_core_categories_have_their_questions(real_prompts: Prompts) -> None:
    """Each core category has questions, and no question stands twice."""
    count = Counter(question.category for question in real_prompts.questions)
    assert all(count[category] for category in CORE_CATEGORIES)
    assert max(Counter(question.text for question in real_prompts.questions).values()) == 1


def test_every_kind_of_evidence_has_words(real_prompts: Prompts) -> None:
    """No statement can be shown without what it rests on."""
    assert {kind.value for kind in Evidence} | {"news"} <= real_prompts.evidence_words.keys()


def test_every_message_that_code_names_exists(real_prompts: Prompts) -> None:
    """Abstentions, notices and introductions have their words."""
    assert {
        *_ABSTENTION_MESSAGES.values(),
        "individual_advice_notice",
        "question_request_intro",
        "no_index",
        SIMPLER_NOTICE,
        SOURCE_NOTICE,
    } <= real_prompts.messages.keys()


def test_the_question_list_keeps_its_promises(real_corpus: Corpus, real_prompts: Prompts) -> None:
    """Ninety questions or more, fifteen in each core category, ten categories, no empty cell, no blame, grade 6."""
    assert check_questions(real_corpus, real_prompts) == ()
    counts = Counter(question.category for question in real_prompts.questions)
    assert sum(counts.values()) >= 90
    assert all(counts[category] >= 15 for category in CORE_CATEGORIES)
    assert set(counts) == set(CATEGORIES)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"text": "Do you treat addicts here?"},
            "text holds 'addicts'; write people with addiction",
        ),
        ({"text": "Tell me how you check my heart."}, "text is no question"),
        (
            {
                "why": "Comprehensive cardiovascular evaluation necessitates multidisciplinary deliberation."
            },
            "why reads at grade",
        ),
        ({"stages": (Stage.AFTER,)}, "question cells: monitoring, booked, spravato: no question"),
    ],
)
def test_a_broken_promise_is_named(
    small_corpus: Corpus, small_prompts: Prompts, changes: dict[str, object], problem: str
) -> None:
    """Each planted fault gives a line that names the question and the mend."""
    spoiled = replace(
        small_prompts,
        questions=tuple(
            replace(q, **changes) if q.category == "monitoring" else q  # type: ignore[arg-type]
            for q in small_prompts.questions
        ),
    )
    assert any(problem in line for line in check_questions(small_corpus, spoiled))
