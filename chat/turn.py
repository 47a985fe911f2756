"""One chat turn, from a message to a `Turn`. Nothing here knows a page, a database or a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

from chat.ground import is_grounded
from chat.language import is_other_language
from chat.library import Library
from chat.question_bank import clinic_question
from chat.retell import retell, told_claims
from chat.route import route_message, without_instructions
from chat.severity import RAISED, Severity
from chat.standalone import is_underspecified, standalone_query
from chat.suggest import asked_for, suggest_questions
from chat.types import (
    Abstention,
    AbstentionReason,
    Answer,
    QuestionSet,
    Redirect,
    Reply,
    Routing,
    Statement,
    Suggestion,
    Turn,
    Versions,
    VisitContext,
)
from prompts.identifiers import (
    Identifier,
    find_identifiers,
    mask_identifiers,
    without_identifiers,
)
from prompts.types import Prompts, Route
from retrieval.abstain import judge_evidence
from retrieval.lexical import content_words
from retrieval.types import Query, Verdict

_FIXED = (Route.CRISIS, Route.EMERGENCY, Route.MISUSE, Route.SMALL_TALK)
_HELP = (Route.CRISIS, Route.EMERGENCY)
CLASSIFIER = "classifier"
_NO_SUGGESTIONS = (Route.CRISIS, Route.EMERGENCY, Route.SMALL_TALK)
INDIVIDUAL_ADVICE_NOTICE = "individual_advice_notice"
_POOL = 30
_NO_CONTEXT = VisitContext()


@dataclass(frozen=True, slots=True)
class _Started:
    """What one turn carries from its first step to its last."""

    turn_id: int
    message: str
    routing: Routing
    history: tuple[Turn, ...]
    context: VisitContext
    watch: _Watch
    identifiers: tuple[Identifier, ...]
    checks_in: bool = False


class Assistant:
    """Answers turn by turn. Keeps nothing between turns: the history is handed in.

    `open_library` returns the live snapshot, or None while there is none; help needs no snapshot.
    """

    def __init__(self, prompts: Prompts, open_library: Callable[[], Library | None]) -> None:
        self._prompts = prompts
        self._public_numbers = prompts.public_numbers
        self._open_library = open_library

    def reply(
        self, message: str, history: tuple[Turn, ...] = (), context: VisitContext = _NO_CONTEXT
    ) -> Turn:
        """The finished turn."""
        for part in self.stream(message, history, context):
            if isinstance(part, Turn):
                return part
        raise AssertionError("stream ended without a turn")

    def stream(
        self, message: str, history: tuple[Turn, ...], context: VisitContext
    ) -> Iterator[Statement | Turn]:
        """Grounded statements as they are ready, then the `Turn`."""
        watch = _Watch()
        routing = route_message(message, self._prompts.rules)
        watch.lap("route")
        identifiers = find_identifiers(
            message, self._prompts.identifier_rules, self._public_numbers
        )
        started = _Started(len(history) + 1, message, routing, history, context, watch, identifiers)
        severity = Severity.NONE if routing.route in _HELP else self._severity(message, routing)
        watch.lap("safety")
        if severity in RAISED:
            route, message_id = RAISED[severity]
            started = replace(started, routing=Routing(route, CLASSIFIER, message_id))
            yield self._turn(started, Redirect(route, message_id))
            return
        started = replace(started, checks_in=severity is Severity.CHECK_IN)
        if routing.route in _FIXED:
            turn = self._turn(started, Redirect(routing.route, str(routing.message_id)))
            if routing.route not in _NO_SUGGESTIONS:
                turn = replace(turn, suggestions=self._suggestions(started, None))
            yield turn
            return
        question = without_instructions(
            without_identifiers(message, identifiers), self._prompts.rules
        )
        if routing.route is Route.INJECTION:
            if not content_words(question):
                yield self._turn(started, Redirect(Route.INJECTION, str(routing.message_id)))
                return
            started = replace(started, routing=replace(routing, route=Route.ANSWER))
        if routing.route is Route.QUESTION_REQUEST:
            reply = QuestionSet(asked_for(self._prompts.questions, question, context))
            if reply.questions:
                yield self._turn(started, reply)
                return
        yield from self._answer(started, question)

    def _severity(self, message: str, routing: Routing) -> Severity:
        """What the second layer makes of a message that no help rule matched."""
        try:
            library = self._open_library()
        except Exception:
            # A fixed message needs no index, so a broken one does not stop it; an answer says so.
            if routing.route in _FIXED or routing.route is Route.INJECTION:
                return Severity.NONE
            raise
        if library is None:
            return Severity.NONE
        return library.safety.judge(message)

    def _answer(self, started: _Started, question: str) -> Iterator[Statement | Turn]:
        """Search and compose for `question`: the message without instructions to us."""
        watch = started.watch
        library = self._open_library()
        retold = retell(question, started.history, library.corpus) if library else None
        if retold is not None:
            yield from retold.statements
            yield self._turn(started, retold, library)
            return
        query = standalone_query(question, started.history, started.turn_id, asked=started.message)
        refused = self._refuse_unsearched(question, query, library, started.history)
        if library is None or refused is not None:
            reply: Reply = refused or Abstention(AbstentionReason.NO_INDEX)
            yield self._turn(started, reply, library)
            return
        query = replace(query, text=library.speller.mend(query.text))
        ranking = library.retriever.search(query, _POOL)
        watch.lap("search")
        is_advice = started.routing.route is Route.INDIVIDUAL_ADVICE
        judgement = judge_evidence(ranking, library.calibration)
        statements: list[Statement] = []
        if judgement.verdict is Verdict.ANSWER:
            for statement in library.composer.draft(
                ranking, general_only=is_advice, told=told_claims(question, started.history)
            ):
                if is_grounded(statement, library.corpus):
                    statements.append(statement)
                    yield statement
        watch.lap("compose")
        found = started.identifiers
        own_words = clinic_question(mask_identifiers(started.message, found))
        if statements:
            notice = INDIVIDUAL_ADVICE_NOTICE if is_advice else None
            reply = Answer(
                tuple(statements), library.composer.name, notice, own_words if is_advice else None
            )
        elif judgement.verdict is Verdict.OFF_TOPIC and not is_advice:
            reply = Abstention(AbstentionReason.OFF_TOPIC)
        else:
            reply = Abstention(AbstentionReason.NO_EVIDENCE, library.nearest(ranking), own_words)
        suggestions = (
            () if _left_the_subject(reply, started.history) else self._suggestions(started, library)
        )
        watch.lap("suggest")
        turn = self._turn(started, reply, library)
        yield replace(turn, query=query, ranking=ranking, suggestions=suggestions)

    def _refuse_unsearched(
        self, question: str, query: Query, library: Library | None, history: tuple[Turn, ...]
    ) -> Abstention | None:
        """Abstain before searching: another language, or nothing to search for."""
        if library is not None and is_other_language(question, library.terms):
            return Abstention(AbstentionReason.NOT_ENGLISH)
        nothing = not content_words(query.text) or not any(map(str.isalnum, question))
        if nothing or is_underspecified(question, history):
            return Abstention(AbstentionReason.UNDERSPECIFIED)
        return None

    def _suggestions(self, started: _Started, library: Library | None) -> tuple[Suggestion, ...]:
        wanted = None
        if library is not None:
            now = without_identifiers(started.message, started.identifiers)
            messages = (*(turn.asked for turn in started.history), now)
            wanted = library.wanted.probabilities(messages, started.context)
        return suggest_questions(
            self._prompts, started.message, started.history, started.context, wanted
        )

    def _turn(self, started: _Started, reply: Reply, library: Library | None = None) -> Turn:
        """The turn with this reply, before query, ranking and suggestions are added."""
        versions = Versions(
            library.name if library else None,
            self._prompts.digest,
            library.encoder if library else None,
        )
        return Turn(
            turn_id=started.turn_id,
            asked=started.message,
            routing=started.routing,
            query=None,
            ranking=None,
            reply=reply,
            suggestions=(),
            versions=versions,
            identifiers=tuple(dict.fromkeys(item.name for item in started.identifiers)),
            timings_ms=started.watch.laps,
            checks_in=started.checks_in,
        )


def _left_the_subject(reply: Reply, history: tuple[Turn, ...]) -> bool:
    """Whether nothing in the conversation has been on the subject, this message included."""
    return all(
        isinstance(earlier, Abstention) and earlier.reason is AbstentionReason.OFF_TOPIC
        for earlier in (reply, *(turn.reply for turn in history))
    )


class _Watch:
    """Milliseconds of each part of a turn."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = perf_counter()

    def lap(self, part: str) -> None:
        now = perf_counter()
        self.laps[part] = round((now - self._last) * 1000, 2)
        self._last = now
