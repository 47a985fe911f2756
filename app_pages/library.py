"""The sources: what each is, who it is about, what it says, what speaks against it."""

from __future__ import annotations

from html import escape

import streamlit as st

from app_pages.components import literal
from chat.assemble import LibraryShelf
from corpus.types import Claim, Corpus, Document
from prompts.types import Prompts


def render(prompts: Prompts, shelf: LibraryShelf) -> None:
    """Draw the list of sources, and the one that is chosen."""
    st.title("Sources")
    library = shelf.open()
    if library is None:
        st.info("The sources are being prepared. Come back in a minute.")
        return
    corpus = library.corpus
    total = len(corpus.claims)
    st.markdown(
        f"{len(corpus.documents)} sources with {total} checked statements. "
        "Checked against their sources by us; not reviewed by a clinician."
    )
    rows = sorted(corpus.documents, key=lambda document: document.source.title.casefold())
    chosen = st.selectbox(
        "Open a source",
        rows,
        index=None,
        format_func=lambda document: document.source.title,
        placeholder="Choose one",
        key="source",
    )
    if chosen is not None:
        _show_source(chosen, corpus, prompts)
        return
    items = "".join(
        f"<li><strong>{escape(d.source.title)}</strong><br><span class='aw-evidence'>"
        f"{escape(d.source.publisher)}, {d.source.year or 'no date given'}, "
        f"{escape(d.source.kind.replace('-', ' '))}; "
        f"checked on {d.source.checked_on.isoformat()}</span></li>"
        for d in rows
    )
    st.html(f"<ul class='aw-sources'>{items}</ul>")


def _show_source(document: Document, corpus: Corpus, prompts: Prompts) -> None:
    source = document.source
    st.subheader(literal(source.title))
    st.markdown(
        f"{literal(source.publisher)}, {source.year or 'no date given'}. "
        f"About: {literal(source.population)}."
    )
    st.caption(
        f"Checked on {source.checked_on.isoformat()}; "
        f"to be read again by {source.review_by.isoformat()}. {literal(source.notes)}"
    )
    st.link_button("Open the publisher's page", source.url)
    by_id = {claim.claim_id: claim for claim in corpus.claims}
    for claim in corpus.claims:
        if claim.source_id == source.source_id:
            st.html(_claim_html(claim, by_id, prompts))


def _claim_html(claim: Claim, by_id: dict[str, Claim], prompts: Prompts) -> str:
    others = "".join(f"<li>{escape(by_id[other].plain)}</li>" for other in claim.contrasts)
    beside = (
        "<div class='aw-other'><strong>Beside it: what differs or speaks against it</strong>"
        f"<ul>{others}</ul></div>"
        if others
        else ""
    )
    caution = (
        f"<p class='aw-caution'><strong>Keep in mind:</strong> {escape(claim.caution)}</p>"
        if claim.caution
        else ""
    )
    words = prompts.evidence_words[claim.evidence.value]
    return (
        f"<div class='aw-statement'><p>{escape(claim.plain)}</p>"
        f"<p class='aw-evidence'>{escape(words)} · {escape(claim.where)}</p>{caution}{beside}</div>"
    )
