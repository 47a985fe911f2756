"""What sources say, as escaped HTML: statements, terms explained in place, the source view.

Everything that people or sources say is escaped here; no page writes its own HTML from their words.
"""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

import streamlit as st

from app_pages.components import literal
from chat.present import evidence_in_words
from chat.types import Citation, Statement
from corpus.glossary import split_terms
from corpus.types import Claim, Corpus, Term
from prompts.types import Prompts

_SURROUNDINGS = 420
BESIDE = "Beside it: what differs or speaks against it"


def statement_html(
    statement: Statement,
    prompts: Prompts,
    glossary: tuple[Term, ...] = (),
    explained: set[str] | None = None,
) -> str:
    """One statement with its numbers, evidence in words, caution, and the other side beside it.

    Terms are explained where they first occur: `explained` holds those that were, and grows.
    """
    explained = set() if explained is None else explained
    numbers = "".join(f"[{citation.number}]" for citation in statement.citations)
    words = evidence_in_words(statement, prompts)
    if any(citation.second_hand for citation in statement.citations):
        words += f". Read in another copy on {statement.citations[0].source.checked_on.isoformat()}"
    rows = [
        f"<div class='aw-text'>{explained_html(statement.text, glossary, explained)} "
        f"<span>{numbers}</span></div>",
        f"<p class='aw-evidence'>{escape(words)}</p>",
    ]
    if statement.caution:
        rows.append(
            "<div class='aw-caution'><strong>Keep in mind:</strong> "
            f"{explained_html(statement.caution, glossary, explained)}</div>"
        )
    if statement.contrasts:
        others = "".join(
            statement_html(other, prompts, glossary, explained) for other in statement.contrasts
        )
        rows.append(f"<div class='aw-other'><strong>{BESIDE}</strong>{others}</div>")
    return f"<div class='aw-statement'>{''.join(rows)}</div>"


def explained_html(text: str, glossary: tuple[Term, ...], explained: set[str]) -> str:
    """`text` escaped; terms not yet in `explained` can be opened to read what they mean."""
    parts = []
    for piece, term in split_terms(text, glossary):
        if term is None or term.plain is None or term.term in explained:
            parts.append(escape(piece))
            continue
        explained.add(term.term)
        parts.append(
            f"<details class='aw-term'><summary>{escape(piece)}</summary>"
            f"<span>{escape(term.plain)}</span></details>"
        )
    return "".join(parts)


def source_html(citation: Citation, corpus: Corpus) -> str:
    """The cited passage, highlighted in its surroundings."""
    span = citation.passage.span
    text = corpus.document(citation.passage.doc_id).text
    start, end = max(0, span.start - _SURROUNDINGS), min(len(text), span.end + _SURROUNDINGS)
    # Whole words: from the blank after the cut, to the blank before it.
    if start:
        start = text.find(" ", start, span.start) + 1 or span.start
    if end < len(text):
        end = max(text.rfind(" ", span.end, end), span.end)
    before = ("… " if start else "") + text[start : span.start]
    after = text[span.end : end] + (" …" if end < len(text) else "")
    cited = f"<mark>{escape(text[span.start : span.end])}</mark>"
    return f"<div class='aw-passage'>{escape(before)}{cited}{escape(after)}</div>"


@st.dialog("Where this comes from", width="large")
def open_source(citation: Citation, corpus: Corpus, evidence: str) -> None:
    """Show the passage behind a citation, with its source, and verify it on request."""
    source = citation.source
    st.markdown(f"**{literal(source.title)}**")
    year = source.year or "no date given"
    st.caption(
        f"{literal(source.publisher)}, {year}. {literal(evidence)}. "
        f"Checked on {source.checked_on.isoformat()}."
    )
    if citation.is_summary:
        copy = (
            f" Read in another copy on {source.checked_on.isoformat()}."
            if citation.second_hand
            else ""
        )
        st.caption(
            "This is our summary of the source, in our own words: "
            f"our copy, not the publisher's page.{copy}"
        )
    st.html(source_html(citation, corpus))
    if st.button("Verify this passage", key="verify-passage"):
        stands = (
            corpus.passage(citation.passage.doc_id, citation.passage.span) == citation.passage.text
        )
        (st.success if stands else st.error)(
            "The passage stands in the stored text, word for word."
            if stands
            else "The stored text differs. Do not rely on it."
        )
    if urlsplit(source.url).scheme in ("http", "https"):
        st.link_button("Open the publisher's page", source.url)
    st.html(
        "<p class='aw-evidence'>In danger, or thinking of suicide? "
        "<a href='help' target='_blank' rel='noopener'>All help lines</a></p>"
    )


def claim_html(
    claim: Claim,
    by_id: dict[str, Claim],
    prompts: Prompts,
    glossary: tuple[Term, ...],
    where: str,
    explained: set[str] | None = None,
) -> str:
    """A claim as the library shows it: wording, evidence, place, caution, the other side."""
    explained = set() if explained is None else explained
    text = explained_html(claim.plain, glossary, explained)
    caution = (
        f"<p class='aw-caution'><strong>Keep in mind:</strong> {escape(claim.caution)}</p>"
        if claim.caution
        else ""
    )
    others = "".join(f"<li>{escape(by_id[other].plain)}</li>" for other in claim.contrasts)
    beside = f"<div class='aw-other'><strong>{BESIDE}</strong><ul>{others}</ul></div>"
    precise = (
        "<details class='aw-precise'><summary>In clinical words</summary>"
        f"<p>{escape(claim.precise)}</p></details>"
    )
    words = prompts.evidence_words[claim.evidence.value]
    return (
        f"<div class='aw-statement'><div class='aw-text'>{text}</div>"
        f"<p class='aw-evidence'>{escape(words)} · {escape(where)}</p>{caution}{precise}"
        f"{beside if others else ''}</div>"
    )
