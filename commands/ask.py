"""`cli.py ask`: one question on the command line, or conversations as JSONL."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, NoReturn, cast

import typer

from chat.assemble import assemble
from chat.present import evidence_in_words, turn_row
from chat.turn import Assistant
from chat.types import (
    Abstention,
    Answer,
    Citation,
    QuestionSet,
    Redirect,
    Statement,
    Turn,
    VisitContext,
)
from prompts.errors import PromptError
from prompts.load import load_prompts
from prompts.types import Prompts, Setting, Stage
from retrieval.errors import RetrievalError
from settings import Settings

app = typer.Typer()


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="A question, in your own words.")] = None,
    jsonl: Annotated[
        Path | None, typer.Option(help="Conversations, one JSON object a line.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the turns go, one JSON object a line.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the turn as JSON.")] = False,
    country: Annotated[
        str | None, typer.Option(help="Country for help lines: US, CA, GB, AU, NZ.")
    ] = None,
) -> None:
    """Answer one question with citations, or run conversations from a file."""
    settings = Settings()
    try:
        prompts = load_prompts(settings.prompts, settings.proofs)
        assistant = assemble(settings, prompts)
        if jsonl is not None:
            if question is not None or out is None:
                _stop("give either a question, or --jsonl IN with --out OUT")
            _run_file(assistant, prompts, jsonl, out)
        elif question is None or not question.strip():
            _stop(
                "type a question: "
                'python cli.py ask "what happens to my blood pressure during spravato"'
            )
        elif len(question) > settings.longest_message:
            _stop(
                f"the question has {len(question)} characters; {settings.longest_message} at most"
            )
        else:
            _refuse_unknown_country(country, prompts)
            context = VisitContext(country=country)
            turn = assistant.reply(question, (), context)
            row = turn_row("ask", turn, context, prompts)
            print(
                json.dumps(row, ensure_ascii=False)
                if as_json
                else "\n".join(_printed(turn, context, prompts))
            )
    except (PromptError, RetrievalError) as error:
        _stop(str(error))


def _run_file(assistant: Assistant, prompts: Prompts, source: Path, out: Path) -> None:
    conversations = list(_conversations(source))
    if not conversations:
        _stop(f"{source}: holds no conversation; give one JSON object a line")
    for conversation_id, _, context in conversations:
        _refuse_unknown_country(context.country, prompts, f"{source}: {conversation_id}: ")
    try:
        opened = out.open("w", encoding="utf-8")
    except OSError as error:
        _stop(f"{out}: cannot be written ({error.strerror}); give a file in a folder that exists")
    with opened as file:
        for conversation_id, turns, context in conversations:
            history: tuple[Turn, ...] = ()
            for message in turns:
                turn = assistant.reply(message, history, context)
                file.write(
                    json.dumps(
                        turn_row(conversation_id, turn, context, prompts), ensure_ascii=False
                    )
                    + "\n"
                )
                history = (*history, turn.without_ranking())


def _refuse_unknown_country(code: str | None, prompts: Prompts, place: str = "") -> None:
    known = [country.code for country in prompts.countries]
    if code is not None and code not in known:
        _stop(f"{place}country '{code}' is unknown; use one of {', '.join(known)}")


def _conversations(path: Path) -> Iterator[tuple[str, list[str], VisitContext]]:
    """Conversations of a file; every line is read before the first one runs."""
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        _stop(
            f"{path}: cannot be read ({type(error).__name__}); "
            "give a UTF-8 file of one JSON object a line"
        )
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            if not isinstance(row, dict) or not {"id", "turns"} <= row.keys():
                raise ValueError("not an object with 'id' and 'turns'")
            given = row.get("context") or {}
            setting, stage = given.get("setting"), given.get("stage")
            context = VisitContext(
                Setting(setting) if setting else None,
                Stage(stage) if stage else None,
                given.get("priority"),
                given.get("country"),
            )
            turns = row["turns"]
            is_texts = isinstance(turns, list) and all(isinstance(turn, str) for turn in turns)
            if not is_texts or not turns:
                raise ValueError("'turns' must be a list of texts, one or more")
            "".join(turns).encode()  # half a surrogate pair is no text
            yield str(row["id"]), cast(list[str], turns), context
        except (ValueError, KeyError, AttributeError) as error:
            _stop(
                f'{path}: line {number}: {error}; expected {{"id", "turns": [text, …], "context"?}}'
            )


def _printed(turn: Turn, context: VisitContext, prompts: Prompts) -> Iterator[str]:
    row = turn_row("ask", turn, context, prompts)
    if row["notice"]:
        yield f"{row['notice']}\n"
    reply = turn.reply
    match reply:
        case Answer():
            for statement in reply.statements:
                yield from _printed_statement(statement, prompts, "")
        case QuestionSet():
            yield "Questions you could take along:\n"
        case Redirect() | Abstention():
            yield str(row["message"])
    if row["clinic_question"]:
        yield f"\nFor your clinic: {row['clinic_question']}"
    if row["suggestions"]:
        yield "" if isinstance(reply, QuestionSet) else "\nQuestions you could take along:"
        for suggestion in cast(list[dict[str, str]], row["suggestions"]):
            yield f"- {suggestion['text']}\n  Why: {suggestion['why']} ({suggestion['because']})"
    citations = (
        reply.citations
        if isinstance(reply, Answer)
        else reply.nearest
        if isinstance(reply, Abstention)
        else ()
    )
    if citations:
        yield (
            "\nSources:"
            if isinstance(reply, Answer)
            else "\nThe nearest passages, which do not answer it:"
        )
        for citation in citations:
            yield _printed_citation(citation)


def _printed_statement(statement: Statement, prompts: Prompts, indent: str) -> Iterator[str]:
    numbers = "".join(f"[{citation.number}]" for citation in statement.citations)
    words = evidence_in_words(statement, prompts)
    yield f"{indent}{statement.text} {numbers} ({words})"
    if statement.caution:
        yield f"{indent}  Keep in mind: {statement.caution}"
    for other in statement.contrasts:
        yield f"{indent}  On the other side:"
        yield from _printed_statement(other, prompts, indent + "    ")


def _printed_citation(citation: Citation) -> str:
    source = citation.source
    return (
        f"[{citation.number}] {source.title} ({source.publisher}, {source.year or 'no date'}; "
        f"checked {source.checked_on})\n    “{citation.passage.text}”\n    {source.url}"
    )


def _stop(message: str) -> NoReturn:
    print(message)
    raise typer.Exit(2)
