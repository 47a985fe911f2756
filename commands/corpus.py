"""`cli.py corpus`: list, show and check what we know. Exit 0 fine, 1 findings, 2 usage."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape

from corpus.check import FEWEST_ASKED_AS, Finding, check_corpus
from corpus.errors import CorpusError
from corpus.load import load_brief, load_corpus, load_exemptions, load_glossary
from corpus.types import Corpus
from evaluation.check import check_questions, check_references
from prompts.load import load_prompts
from settings import Settings

app = typer.Typer(no_args_is_help=True, help="What Askwell knows: sources, claims, cautions.")
console = Console(soft_wrap=True, highlight=False)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_sources(as_json: Json = False) -> None:
    """List the sources: id, kind, year, number of claims, title."""
    corpus = _load()
    counts = {d.doc_id: sum(c.doc_id == d.doc_id for c in corpus.chunks) for d in corpus.documents}
    rows = [
        {
            "source_id": d.doc_id,
            "kind": d.source.kind,
            "year": d.source.year,
            "claims": counts[d.doc_id],
            "title": d.source.title,
        }
        for d in corpus.documents
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print(
            f"{row['source_id']:42} {row['kind']:26} {row['year'] or '-':>5} {row['claims']:4}  "
            f"{row['title']}"
        )


@app.command()
def show(source_id: str, as_json: Json = False) -> None:
    """Show one source with every claim, its caution and what speaks against it."""
    corpus = _load()
    document = next((d for d in corpus.documents if d.doc_id == source_id), None)
    if document is None:
        _stop(f"source '{source_id}' is unknown; `cli.py corpus list` names them all")
    claims = [c.claim for c in corpus.chunks if c.doc_id == source_id and c.claim]
    if as_json:
        rows = {"source": asdict(document.source), "claims": [asdict(claim) for claim in claims]}
        print(json.dumps(rows, default=str, ensure_ascii=False, indent=1))
        return
    source = document.source
    print(
        f"{source.title}\n{source.publisher}, {source.year or 'no date'} ({source.kind})\n"
        f"{source.url}\nchecked on {source.checked_on}\n"
    )
    for claim in claims:
        print(f"{claim.claim_id}  [{claim.evidence.value}]\n  {claim.plain}")
        if claim.caution:
            print(f"  caution: {claim.caution}")
        if claim.contrasts:
            print(f"  beside it: {', '.join(claim.contrasts)}")


@app.command()
def check(
    sources: Annotated[
        list[Path] | None, typer.Option("--sources", help="Only these briefs.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check wording, numbers, contrasts, reading level and dates. Exit 1 if there are findings."""
    corpus = _load(sources)
    exemptions = () if sources else load_exemptions(Settings().corpus / "exemptions.yaml")
    report = check_corpus(corpus, datetime.now(UTC).date(), exemptions)
    if not sources:
        prompts = load_prompts(Settings().prompts)
        lines = (*check_references(corpus, prompts), *check_questions(corpus, prompts))
        findings = (*report.findings, *(Finding("prompts", line) for line in lines))
        report = replace(report, findings=findings)
    if as_json:
        print(json.dumps(asdict(report), ensure_ascii=False, indent=1))
    else:
        for finding in report.findings:
            console.print(f"[red]finding[/red] {escape(str(finding))}")
        print(
            f"{report.sources} sources, {report.claims} claims, {report.outlines} outlines, "
            f"{report.terms} terms, {report.contrasts} contrasts; "
            f"grade of plain (textstat 0.7.4): median {report.median_grade}, "
            f"95th percentile {report.p95_grade}; "
            f"raw {report.median_grade_raw} and {report.p95_grade_raw}; "
            f"{report.few_asked_as} claims with fewer than {FEWEST_ASKED_AS} asked_as; "
            f"{report.unread} sources not read by a second person; "
            f"{len(report.findings)} findings"
        )
        for exemption in report.exemptions:
            print(f"may stand: {exemption.place}: {exemption.problem}: {exemption.reason}")
    raise typer.Exit(1 if report.findings else 0)


def _load(paths: list[Path] | None = None) -> Corpus:
    root = Settings().corpus
    try:
        if not paths:
            return load_corpus(root)
        briefs = [load_brief(path) for path in paths]
        chunks = tuple(chunk for _, own in briefs for chunk in own)
        return Corpus(
            tuple(document for document, _ in briefs),
            chunks,
            (),
            load_glossary(root / "glossary.yaml"),
        )
    except CorpusError as error:
        _stop(str(error))


def _stop(message: str) -> NoReturn:
    print(message)
    raise typer.Exit(2)
