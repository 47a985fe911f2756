"""Reads the data files of the corpus into values, with errors that name file, entry and mend.

What the values mean together (contrasts, reading level, numbers) is judged by `corpus.check`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from corpus.chunk import chunk_document
from corpus.errors import BriefError
from corpus.files import BriefFile, ExemptionFile, OutlineFile, TermFile
from corpus.types import (
    Chunk,
    Claim,
    Corpus,
    Document,
    Evidence,
    Exemption,
    Outline,
    Section,
    Source,
    Span,
    Term,
)

KINDS = (
    "consensus guideline instrument lab-study label manufacturer-information news observational "
    "patient-information payer-policy regulator systematic-review trial"
).split()
# libyaml reads ten times faster, where PyYAML was built with it.
_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=BaseModel)
RIGHTS = ("public-domain", "cc-by", "free-to-use", "facts-only")


def load_corpus(root: Path) -> Corpus:
    """Read `root/sources`, `root/documents`, `root/outlines` and `root/glossary.yaml`.

    Raises `BriefError` at the first file that cannot be used.
    """
    documents: list[Document] = []
    chunks: list[Chunk] = []
    for path in sorted((root / "sources").rglob("*.yaml")):
        document, brief_chunks = load_brief(path)
        if any(document.doc_id == other.doc_id for other in documents):
            raise BriefError(
                f"{_name(path)}: source '{document.doc_id}' exists twice; rename one of the two"
            )
        documents.append(document)
        chunks.extend(brief_chunks)
    outlines = [
        o for path in sorted((root / "outlines").glob("*.yaml")) for o in load_outlines(path)
    ]
    glossary = load_glossary(root / "glossary.yaml")
    _refuse_unknown_claims(outlines, chunks)
    return Corpus(tuple(documents), tuple(chunks), tuple(outlines), glossary)


def load_brief(path: Path) -> tuple[Document, tuple[Chunk, ...]]:
    """One brief as a document, made of the claims' `precise` texts, and its chunks, one a claim."""
    brief = _parse(BriefFile, _read_yaml(path), path)
    if brief.source.source_id != path.stem:
        raise BriefError(
            f"{_name(path)}: source_id '{brief.source.source_id}' must equal the file's name"
        )
    _one_of(path, "kind", brief.source.kind, KINDS)
    _one_of(path, "rights", brief.source.rights, RIGHTS)
    source = Source(**brief.source.model_dump())
    claims: list[Claim] = []
    for entry in brief.claims:
        _one_of(
            path, f"claim {entry.id}: evidence", entry.evidence, [kind.value for kind in Evidence]
        )
        claim_id = f"{source.source_id}#{entry.id}"
        if any(claim_id == other.claim_id for other in claims):
            raise BriefError(
                f"{_name(path)}: claim {entry.id} exists twice; give one of them another id"
            )
        fields = entry.model_dump(exclude={"id", "evidence"}) | {"plain": normalise(entry.plain)}
        fields["precise"] = normalise(entry.precise)
        claims.append(Claim(claim_id=claim_id, evidence=Evidence(entry.evidence), **fields))
    return _brief_document(source, claims)


def document_from_text(
    source: Source, text: str, headings: Iterable[str] = ()
) -> tuple[Document, tuple[Chunk, ...]]:
    """A reviewed full text as a document with one section per heading line, and its chunks."""
    text = normalise(text)
    marks = set(headings)
    sections: list[Section] = []
    heading, start, cursor = source.title, 0, 0
    for line in text.splitlines(keepends=True):
        if line.strip() in marks and text[start:cursor].strip():
            sections.append(Section(heading, Span(start, cursor)))
            start = cursor
        if line.strip() in marks:
            heading = line.strip()
        cursor += len(line)
    if text[start:].strip():
        sections.append(Section(heading, Span(start, len(text))))
    document = Document(source.source_id, source, text, tuple(sections))
    return document, chunk_document(document)


def load_outlines(path: Path) -> tuple[Outline, ...]:
    """The outlines of one file (a YAML list)."""
    entries = _read_yaml(path)
    if not isinstance(entries, list):
        raise BriefError(f"{_name(path)}: expected a list of outlines")
    parsed = [_parse(OutlineFile, entry, path) for entry in entries]
    return tuple(Outline(e.id, e.asked_as, e.direct, e.claims, e.corrects) for e in parsed)


def load_glossary(path: Path) -> tuple[Term, ...]:
    """The glossary (a YAML list). Raises `BriefError` where one form belongs to two terms."""
    owners: dict[str, str] = {}
    terms = []
    entries = _read_yaml(path)
    if not isinstance(entries, list):
        raise BriefError(f"{_name(path)}: expected a list of terms")
    for entry in entries:
        item = _parse(TermFile, entry, path)
        for form in {form.casefold() for form in (item.term, *item.forms)}:
            if form in owners:
                raise BriefError(
                    f"{_name(path)}: '{form}' stands under '{owners[form]}' and '{item.term}'; "
                    "keep one"
                )
            owners[form] = item.term
        terms.append(Term(item.term, item.kind == "name", item.forms, item.plain, item.synonyms))
    return tuple(terms)


def load_exemptions(path: Path) -> tuple[Exemption, ...]:
    """Findings that may stand (a YAML list); none where there is no such file."""
    if not path.exists():
        return ()
    entries = _read_yaml(path)
    if not isinstance(entries, list):
        raise BriefError(f"{_name(path)}: expected a list of exemptions")
    return tuple(Exemption(**_parse(ExemptionFile, e, path).model_dump()) for e in entries)


def normalise(text: str) -> str:
    r"""NFC, newlines as \n: the form that every span points into."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _brief_document(source: Source, claims: list[Claim]) -> tuple[Document, tuple[Chunk, ...]]:
    text = ""
    sections, chunks = [], []
    for claim in claims:
        span = Span(len(text), len(text) + len(claim.precise))
        text += claim.precise + "\n\n"
        sections.append(Section(claim.where, span))
        chunks.append(
            Chunk(claim.claim_id, source.source_id, span, claim.precise, claim.where, claim)
        )
    return Document(
        source.source_id, source, text.removesuffix("\n\n") + "\n", tuple(sections)
    ), tuple(chunks)


def _refuse_unknown_claims(outlines: list[Outline], chunks: list[Chunk]) -> None:
    known = {chunk.claim.claim_id for chunk in chunks if chunk.claim}
    for outline in outlines:
        for claim_id in outline.claim_ids:
            if claim_id not in known:
                raise BriefError(
                    f"outlines: {outline.outline_id}: claim '{claim_id}' is unknown; "
                    "use the id of a claim in corpus/sources"
                )


def _read_yaml(path: Path) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - a safe one
    except FileNotFoundError as error:
        raise BriefError(
            f"{_name(path)}: file is missing; restore it or remove what refers to it"
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BriefError(
            f"{_name(path)}: not readable as YAML: {' '.join(str(error).split())}"
        ) from error


def _parse(model: type[Model], entry: object, path: Path) -> Model:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        place = _place(entry, first["loc"])
        raise BriefError(
            f"{_name(path)}: {place}: {first['msg'][0].lower()}{first['msg'][1:]}; "
            "see corpus/sources for a complete example"
        ) from error


def _place(entry: object, loc: tuple[int | str, ...]) -> str:
    """Name a claim by its own id, not by its position, where it has one."""
    words: list[str] = []
    for step in loc:
        entry = (
            entry[step]
            if isinstance(entry, dict) and step in entry
            else entry[step]
            if isinstance(entry, list) and isinstance(step, int)
            else None
        )
        if isinstance(step, int) and isinstance(entry, dict) and "id" in entry:
            words[-1:] = [f"claim {entry['id']}:"]
        else:
            words.append(str(step))
    return " ".join(words) or "file"


def _one_of(path: Path, what: str, value: str, allowed: Iterable[str]) -> None:
    allowed = tuple(allowed)
    if value not in allowed:
        raise BriefError(
            f"{_name(path)}: {what} '{value}' is unknown; use one of {', '.join(allowed)}"
        )


def _name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
