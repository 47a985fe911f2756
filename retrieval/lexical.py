"""Lexical search: BM25 (Robertson and Zaragoza 2009) by bm25s over stems, one text per chunk."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import bm25s
import numpy as np
import Stemmer

from corpus.glossary import meant_terms
from corpus.types import Chunk, Term
from retrieval.exact import rank_chunks
from retrieval.snapshot import Snapshot
from retrieval.types import Query, Ranking

_STEMS = "stems.json"
_WORD = re.compile(r"[^\W_]+(?:-\d+)?")
STOP_WORDS = frozenset(
    "a an and any are as at be been but by can could did do does doing dont for from get give had "
    "has have having he her his how i if in into is it its just know like me might more most my of "
    "on or our really she should so some something than that the their them then there these they "
    "thing things this those to up us was we were what when where which who why will with would "
    "you your about im ive whats hows tell say said please want need also too very much many out "
    "am after before during".split()
)


def content_words(text: str) -> list[str]:
    """Lower-case stems of the words of `text`, function words left out."""
    words = [
        word
        for word in _WORD.findall(text.casefold().replace("'", "").replace("’", ""))
        if word not in STOP_WORDS
    ]
    return [str(stem) for stem in Stemmer.Stemmer("english").stemWords(words)]


def lexical_text(chunk: Chunk) -> str:
    """What BM25 reads of a chunk: its text; of a claim, its wordings and how people ask for it."""
    if chunk.claim is None:
        return f"{chunk.heading} {chunk.text}"
    return " ".join((chunk.claim.plain, chunk.claim.precise, *chunk.claim.asked_as))


def write_lexical(folder: Path, chunks: Sequence[Chunk]) -> None:
    """Index the chunks, in their order, and save the index into `folder`."""
    index = bm25s.BM25(method="lucene")
    index.index(
        [content_words(lexical_text(chunk)) or ["-"] for chunk in chunks], show_progress=False
    )
    index.save(str(folder))
    stems = [sorted(set(content_words(lexical_text(chunk)))) for chunk in chunks]
    (folder / _STEMS).write_text(json.dumps(stems), encoding="utf-8")


def load_stems(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """The content words of every chunk, by chunk_id, as they were indexed."""
    rows = json.loads((snapshot.folder / "lexical" / _STEMS).read_text(encoding="utf-8"))
    return {
        chunk.chunk_id: frozenset(row)
        for chunk, row in zip(snapshot.corpus.chunks, rows, strict=True)
    }


def query_words(text: str, glossary: tuple[Term, ...]) -> list[str]:
    """Content words of a query; a term that it names in lay words adds the term's own words."""
    meant = " ".join(term.term for term in meant_terms(text, glossary))
    words = content_words(text)
    return words + [word for word in content_words(meant) if word not in words]


class LexicalRetriever:
    """BM25 over a snapshot. Scores are 0 or more; a chunk without a common word is no hit."""

    name = "lexical"

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._index = bm25s.BM25.load(str(snapshot.folder / "lexical"), mmap=True)

    def search(self, query: Query, k: int) -> Ranking:
        """At most `k` chunks that share a content word with the query."""
        words = [
            word
            for word in query_words(query.text, self._snapshot.corpus.glossary)
            if word in self._index.vocab_dict
        ]
        if not words:
            return Ranking(query, (), self.name)
        scores = np.asarray(self._index.get_scores(words), dtype=np.float32)
        hits = tuple(
            hit for hit in rank_chunks(self._snapshot, scores, k, self.name) if hit.score > 0
        )
        return Ranking(query, hits, self.name)
