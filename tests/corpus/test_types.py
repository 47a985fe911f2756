"""The values of the corpus refuse what cannot be."""

from __future__ import annotations

import hashlib
from dataclasses import FrozenInstanceError

import pytest

from corpus.errors import PassageError
from corpus.reading_level import grade, longest_sentence
from corpus.types import Corpus, Span


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 4)])
def test_a_span_is_never_empty_or_reversed(start: int, end: int) -> None:
    """An empty, reversed or negative span cannot be built."""
    with pytest.raises(PassageError, match="is empty or reversed"):
        Span(start, end)


def test_a_passage_outside_the_text_is_refused(small_corpus: Corpus) -> None:
    """A span past the end is an error, never a shorter text."""
    length = len(small_corpus.documents[0].text)
    with pytest.raises(PassageError, match=f"ends after the text \\({length}\\)"):
        small_corpus.passage("clinic-label", Span(0, length + 1))


def test_an_unknown_document_is_refused(small_corpus: Corpus) -> None:
    """A document that is not there is named."""
    with pytest.raises(PassageError, match="document 'nowhere' is not in this corpus"):
        small_corpus.passage("nowhere", Span(0, 1))


def test_the_digest_is_that_of_the_text(small_corpus: Corpus) -> None:
    """`Document.digest` is the sha256 of the text in UTF-8."""
    document = small_corpus.documents[0]
    assert document.digest == hashlib.sha256(document.text.encode()).hexdigest()


def test_values_are_frozen(small_corpus: Corpus) -> None:
    """A claim cannot be edited in place."""
    with pytest.raises(FrozenInstanceError):
        small_corpus.claims[0].plain = "other"  # type: ignore[misc]


def test_explained_names_do_not_count_as_hard_words(small_corpus: Corpus) -> None:
    """A glossary term counts as one short word; without a glossary the grade is the raw one."""
    text = "Naltrexone may go with ketamine."
    assert grade(text, small_corpus.glossary) < grade(text)


def test_the_longest_sentence_is_counted_in_words() -> None:
    """Sentences are counted apart."""
    assert longest_sentence("One two three. Four five six seven! Eight?") == 4
