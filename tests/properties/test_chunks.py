"""Invariants 1 and 2: chunks of any text stand at their place, cover it, and keep to their section."""

from __future__ import annotations

import itertools

from hypothesis import example, given
from hypothesis import strategies as st

from corpus.chunk import chunk_document
from corpus.load import document_from_text, normalise
from corpus.sentences import sentence_spans
from corpus.types import Corpus, Document

PIECES = st.sampled_from(
    [
        "It rose. ",
        "Dr. Lee et al. saw 3.5 mg. ",
        "e\u0301",
        "👩‍🔬",
        "🙂",
        "\r\n",
        "\n",
        "\r",
        "\u2028",
        "Risks\n",
        "Use\r\n",
        "...",
        "? ",
        "\t",
        "\u00a0",
        '"Yes." ',
        "i.e. ",
        "\u200b",
        "ﬁ",
        "\x0c",
        "\x1f",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=200), st.lists(PIECES | st.text(max_size=12), max_size=25).map("".join)
)
HEADINGS = ("Risks", "Use")


def document_of(small_corpus: Corpus, text: str) -> Document:
    """The text as a document with two possible headings."""
    return document_from_text(small_corpus.documents[0].source, text, HEADINGS)[0]


@given(text=TEXTS)
@example(text="a\r\nb e\u0301. 👩‍🔬 x")
@example(text="Before.\nRisks\nOne. Two.\nUse\nThree.")
def test_a_chunk_is_what_stands_at_its_span(small_corpus: Corpus, text: str) -> None:
    """`document.text[start:end] == chunk.text` for every chunk, and no two chunks share an id."""
    document = document_of(small_corpus, text)
    chunks = chunk_document(document, target=40)
    assert all(document.text[c.span.start : c.span.end] == c.text for c in chunks)
    assert len({c.chunk_id for c in chunks}) == len(chunks)


@given(text=TEXTS)
@example(text="Risks\nUse\n")
@example(text="One.\x0cRisks\nTwo.")
def test_chunks_cover_all_that_is_not_blank_and_never_cross_a_section(
    small_corpus: Corpus, text: str
) -> None:
    """Every character that is not white space is in exactly one chunk, and each chunk in one section."""
    document = document_of(small_corpus, text)
    chunks = chunk_document(document, target=40)
    covered = [place for c in chunks for place in range(c.span.start, c.span.end)]
    assert len(covered) == len(set(covered))
    assert {i for i, character in enumerate(document.text) if not character.isspace()} <= set(
        covered
    )
    for chunk in chunks:
        assert (
            sum(
                s.span.start <= chunk.span.start and chunk.span.end <= s.span.end
                for s in document.sections
            )
            == 1
        )


@given(text=TEXTS)
def test_normalising_twice_changes_nothing(text: str) -> None:
    """The stored form is a fixed point, so that spans stay valid when it is read again."""
    assert normalise(normalise(text)) == normalise(text)


@given(text=TEXTS)
@example(text="x" * 9_000)
@example(text="No. 3 vs. Fig. 2. e.g. this. " * 3)
def test_sentence_spans_cover_every_character_that_is_not_blank(text: str) -> None:
    """Spans are in order, apart, without blanks at their ends, and leave nothing out."""
    spans = sentence_spans(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(text[s.start : s.end] == text[s.start : s.end].strip() for s in spans)
    covered = {place for s in spans for place in range(s.start, s.end)}
    assert {i for i, character in enumerate(text) if not character.isspace()} <= covered


def test_sentences_end_where_a_reader_ends_them() -> None:
    """Abbreviations do not end a sentence, and a line break does."""
    text = "Dr. Lee gave 3.5 mg vs. 5 mg. It rose.\nThen it fell"
    assert [text[s.start : s.end] for s in sentence_spans(text)] == [
        "Dr. Lee gave 3.5 mg vs. 5 mg.",
        "It rose.",
        "Then it fell",
    ]
