"""Chunks of a document: whole sentences, exact offsets, never across a section."""

from __future__ import annotations

import hashlib
from collections import Counter

from corpus.sentences import sentence_spans
from corpus.types import Chunk, Document, Section, Span

TARGET_CHARACTERS = 700


def chunk_document(document: Document, target: int = TARGET_CHARACTERS) -> tuple[Chunk, ...]:
    """Cut a document into chunks of whole sentences of up to about `target` characters.

    A sentence longer than `target` is a chunk of its own. Every non-space character of the document
    is in exactly one chunk, and `document.text[c.span.start:c.span.end] == c.text` for each.
    """
    seen: Counter[str] = Counter()
    chunks = []
    for section in document.sections:
        for span in _sentence_groups(document.text, section, target):
            text = document.text[span.start : span.end]
            digest = hashlib.sha256(text.encode()).hexdigest()[:16]
            chunk_id = f"{document.doc_id}#{digest}-{seen[digest]}"
            seen[digest] += 1
            chunks.append(Chunk(chunk_id, document.doc_id, span, text, section.heading))
    return tuple(chunks)


def _sentence_groups(text: str, section: Section, target: int) -> list[Span]:
    inside = text[section.span.start : section.span.end]
    groups: list[Span] = []
    for sentence in sentence_spans(inside):
        start, end = sentence.start + section.span.start, sentence.end + section.span.start
        if groups and end - groups[-1].start <= target:
            groups[-1] = Span(groups[-1].start, end)
        else:
            groups.append(Span(start, end))
    return groups
