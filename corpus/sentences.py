"""Sentences as spans. pysbd finds them; this module guards its offsets and its running time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pysbd

from corpus.types import Span

# Its own search for the offsets costs as much again as finding the sentences.
_SEGMENTER = pysbd.Segmenter(language="en", clean=False)
_PARAGRAPH = re.compile(r"[^\n]+")
_LONGEST_SENTENCE_INPUT = 4_000  # pysbd's time grows with the square of the length
_ABBREVIATION_END = re.compile(r"\b(?:Fig|Figs|e\.g|i\.e|et al|vs|approx|No|Dr|ca)\.\s*$")


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of `text` (code points, surrounding blanks left out), in order.

    Together they cover every character that is not white space.
    """
    spans: list[Span] = []
    for paragraph in _PARAGRAPH.finditer(text):
        for start, end in _windows(paragraph.group(), paragraph.start()):
            spans.extend(_paragraph_sentences(text[start:end], start))
    return tuple(spans)


def _windows(paragraph: str, offset: int) -> Iterator[tuple[int, int]]:
    """Cut an over-long paragraph at blanks, so that the splitter's time stays bounded."""
    start = 0
    while len(paragraph) - start > _LONGEST_SENTENCE_INPUT:
        cut = paragraph.rfind(" ", start + 1, start + _LONGEST_SENTENCE_INPUT)
        cut = cut if cut > start else start + _LONGEST_SENTENCE_INPUT
        yield offset + start, offset + cut
        start = cut
    yield offset + start, offset + len(paragraph)


def _paragraph_sentences(paragraph: str, offset: int) -> list[Span]:
    if not paragraph.strip():
        return []
    # pysbd strips and rewrites some characters, so only the lengths of what it returns are used
    # when they can be found again; whatever it loses stays with the sentence before it.
    starts = [0]
    cursor = 0
    for piece in _SEGMENTER.processor(paragraph).process():
        found = paragraph.find(piece.strip(), cursor) if piece.strip() else -1
        if found < 0:
            continue
        if found > starts[-1] and not _ABBREVIATION_END.search(paragraph[starts[-1] : found]):
            starts.append(found)
        cursor = found + len(piece.strip())
    spans = []
    for start, end in zip(starts, [*starts[1:], len(paragraph)], strict=True):
        piece = paragraph[start:end]
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            spans.append(Span(offset + left, offset + start + len(piece.rstrip())))
    return spans
