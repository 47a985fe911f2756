"""What the loader of the corpus refuses, in which words, and what it keeps."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from corpus.errors import BriefError
from corpus.load import (
    document_from_text,
    load_brief,
    load_corpus,
    load_glossary,
    load_outlines,
    normalise,
)
from corpus.types import Corpus, Evidence, Source

LABEL = "sources/clinic-label.yaml"


def spoil(folder: Path, place: str, old: str, new: str) -> Path:
    """Replace the first `old` in a file of the copy; the text must be there."""
    path = folder / place
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def refusal(folder: Path) -> str:
    """The message with which the whole corpus is refused."""
    with pytest.raises(BriefError) as caught:
        load_corpus(folder)
    return str(caught.value)


def test_a_whole_corpus_loads(small_corpus: Corpus) -> None:
    """Sources, claims, outlines and terms are all there, each claim with a global id."""
    assert [d.doc_id for d in small_corpus.documents] == [
        "clinic-label",
        "first-trial",
        "second-trial",
    ]
    assert [c.claim_id for c in small_corpus.claims][:2] == ["clinic-label#f1", "clinic-label#f2"]
    assert {c.evidence for c in small_corpus.claims} >= {
        Evidence.LABEL,
        Evidence.ANIMAL,
        Evidence.HUMAN_TRIAL,
    }
    assert small_corpus.outlines[0].claim_ids == ("clinic-label#f1", "clinic-label#f2")
    assert small_corpus.claims[4].expires_on == date(2026, 12, 31)


def test_every_claim_is_the_passage_that_it_cites(
    small_corpus: Corpus, real_corpus: Corpus
) -> None:
    """A brief's document holds each `precise` verbatim at the span of its chunk."""
    for corpus in (small_corpus, real_corpus):
        assert corpus.claims
        for chunk in corpus.chunks:
            assert chunk.claim is not None
            assert corpus.passage(chunk.doc_id, chunk.span) == chunk.text == chunk.claim.precise


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "evidence: label",
            "evidence: trail",
            "sources/clinic-label.yaml: claim f1: evidence 'trail' is unknown; use one of label, guideline, ",
        ),
        (
            "kind: label",
            "kind: blog",
            "sources/clinic-label.yaml: kind 'blog' is unknown; use one of consensus, guideline, ",
        ),
        (
            "rights: facts-only",
            "rights: mine",
            "sources/clinic-label.yaml: rights 'mine' is unknown; use one of public-domain, cc-by, ",
        ),
        (
            "source_id: clinic-label",
            "source_id: label",
            "sources/clinic-label.yaml: source_id 'label' must equal the file's name",
        ),
        (
            "- id: f2",
            "- id: f1",
            "sources/clinic-label.yaml: claim f1 exists twice; give one of them another id",
        ),
        (
            "  caution: null\n",
            "",
            "sources/clinic-label.yaml: claim f1: caution: field required; see corpus/sources for a complete example",
        ),
        (
            "topics: [monitoring]",
            "topics: []",
            "sources/clinic-label.yaml: claim f1: topics: tuple should have at least 1 item",
        ),
        (
            "gives_dose: false",
            "gives_dose: perhaps",
            "sources/clinic-label.yaml: claim f1: gives_dose: input should be a valid boolean",
        ),
        (
            "checked_on: 2026-11-01",
            "checked_on: last week",
            "sources/clinic-label.yaml: source checked_on: input should be a valid date",
        ),
        (
            "url: https://example.org/clinic-label",
            "url: example.org",
            "sources/clinic-label.yaml: source url: string should match pattern",
        ),
        (
            "notes: ''",
            "notes: ''\n  remark: x",
            "sources/clinic-label.yaml: source remark: extra inputs are not permitted",
        ),
        ("claims:", "claims: [", "sources/clinic-label.yaml: not readable as YAML: "),
    ],
)
def test_a_spoiled_brief_is_refused_by_file_entry_and_mend(
    corpus_folder: Path, old: str, new: str, message: str
) -> None:
    """The refusal names the file, the claim or field, and what is allowed."""
    spoil(corpus_folder, LABEL, old, new)
    assert refusal(corpus_folder).startswith(message)


def test_a_source_that_stands_in_two_folders_is_refused(corpus_folder: Path) -> None:
    """Two briefs with one id cannot both be cited."""
    (corpus_folder / "sources" / "more").mkdir()
    (corpus_folder / "sources" / "more" / "clinic-label.yaml").write_bytes(
        (corpus_folder / LABEL).read_bytes()
    )
    assert refusal(corpus_folder).endswith(
        "source 'clinic-label' exists twice; rename one of the two"
    )


def test_an_outline_of_an_unknown_claim_is_refused(corpus_folder: Path) -> None:
    """An outline cannot promise a claim that the corpus lacks."""
    spoil(
        corpus_folder, "outlines/common.yaml", "direct: clinic-label#f1", "direct: clinic-label#f9"
    )
    assert (
        refusal(corpus_folder)
        == "outlines: how-long: claim 'clinic-label#f9' is unknown; use the id of a claim in corpus/sources"
    )


def test_outlines_must_be_a_list(tmp_path: Path) -> None:
    """A map where a list belongs is refused, not read as nothing."""
    path = tmp_path / "outlines.yaml"
    path.write_text("id: x", encoding="utf-8")
    with pytest.raises(BriefError, match="expected a list of outlines"):
        load_outlines(path)


def test_one_form_under_two_terms_is_refused(corpus_folder: Path) -> None:
    """A word cannot be explained in two ways."""
    path = spoil(corpus_folder, "glossary.yaml", "term: ketamine", "term: SPRAVATO")
    with pytest.raises(
        BriefError,
        match=r"glossary\.yaml: 'spravato' stands under 'Spravato' and 'SPRAVATO'; keep one",
    ):
        load_glossary(path)


def test_a_missing_glossary_is_refused(corpus_folder: Path) -> None:
    """Nothing that belongs to the corpus is skipped silently."""
    (corpus_folder / "glossary.yaml").unlink()
    assert (
        refusal(corpus_folder)
        == "corpus/glossary.yaml: file is missing; restore it or remove what refers to it"
    )


def test_an_empty_glossary_file_is_refused_in_our_words(corpus_folder: Path) -> None:
    """An empty file is named, not met with a TypeError."""
    (corpus_folder / "glossary.yaml").write_text("", encoding="utf-8")
    assert refusal(corpus_folder) == "corpus/glossary.yaml: expected a list of terms"


def test_bytes_that_are_not_utf8_are_refused(corpus_folder: Path) -> None:
    """A file in another encoding is named, not guessed at."""
    path = corpus_folder / LABEL
    path.write_bytes(path.read_bytes().replace(b"A regulator", b"R\xe9gulateur"))
    assert refusal(corpus_folder).startswith("sources/clinic-label.yaml: not readable as YAML: ")


def test_line_ends_and_accents_are_normalised_once() -> None:
    """CRLF and CR become newlines, and a combining accent joins its letter."""
    assert normalise("a\r\nb\rcafe\u0301") == "a\nb\ncaf\u00e9"


def test_headings_open_sections(small_corpus: Corpus) -> None:
    """A heading line opens a section, and what stands before the first one bears the title."""
    source: Source = small_corpus.documents[0].source
    document, chunks = document_from_text(
        source, "Before.\r\nRisks\r\nIt may rise.\nUse\nTwice a week.", ["Risks", "Use"]
    )
    assert [s.heading for s in document.sections] == [source.title, "Risks", "Use"]
    assert [(c.heading, c.text) for c in chunks] == [
        (source.title, "Before."),
        ("Risks", "Risks\nIt may rise."),
        ("Use", "Use\nTwice a week."),
    ]


def test_load_brief_reads_one_file(corpus_folder: Path) -> None:
    """A brief alone gives its document and one chunk a claim."""
    document, chunks = load_brief(corpus_folder / LABEL)
    assert document.doc_id == "clinic-label"
    assert [c.chunk_id for c in chunks] == [f"clinic-label#f{n}" for n in range(1, 6)]
