"""The sources: what each is, what it says, what speaks against it; search; what stands on what."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from html import escape

import streamlit as st

from app_pages.components import literal
from app_pages.statements import claim_html
from chat.assemble import LibraryShelf
from chat.library import Library
from corpus.types import Claim, Corpus, Document, Evidence
from prompts.types import Prompts
from retrieval.abstain import judge_evidence
from retrieval.types import Query, Verdict

_FOUND = 15


def render(prompts: Prompts, shelf: LibraryShelf) -> None:
    """Draw search, the list of sources and the map; or the one source that is open."""
    st.title("Sources")
    library = shelf.open()
    if library is None:
        st.info("The sources are being prepared. Come back in a minute.")
        return
    corpus = library.corpus
    st.markdown(
        f"{len(corpus.documents)} sources with {len(corpus.claims)} checked statements. "
        "Checked against their sources by us; not reviewed by a clinician."
    )
    rows = sorted(corpus.documents, key=lambda document: document.source.title.casefold())
    chosen = st.selectbox(
        "Open a source",
        rows,
        index=None,
        format_func=lambda document: document.source.title,
        placeholder="Choose one, or type to find it",
        key="source",
    )
    if chosen is not None:
        _show_source(chosen, corpus, prompts)
        return
    search, sources, overview = st.tabs(["Search", "All sources", "What stands on what"])
    with search:
        _search(library, prompts)
    with sources:
        _list_sources(rows, prompts)
    with overview:
        st.html(overview_html(corpus.claims, prompts))


def _search(library: Library, prompts: Prompts) -> None:
    wanted = st.text_input("Search all statements", key="library-search", max_chars=400)
    left, right = st.columns(2)
    topics = [t for t in prompts.topic_words if any(t in c.topics for c in library.corpus.claims)]
    topic = left.selectbox(
        "Topic", topics, index=None, format_func=prompts.topic_words.__getitem__, placeholder="Any"
    )
    evidence = right.selectbox(
        "Kind of evidence",
        list(Evidence),
        index=None,
        format_func=lambda kind: prompts.evidence_words[kind.value],
        placeholder="Any",
    )
    found = find_claims(library, wanted.strip(), topic, evidence)
    if not (wanted.strip() or topic or evidence):
        st.caption("Type a few words, or choose a topic.")
        return
    if not found:
        st.caption("Nothing found. Try other words, or another topic or kind of evidence.")
        return
    if wanted.strip():
        st.caption(f"The {min(len(found), _FOUND)} nearest statements, the nearest first.")
    else:
        more = f"; the first {_FOUND} are shown." if len(found) > _FOUND else "."
        st.caption(f"{len(found)} statements{more}")
    titles = {d.doc_id: d.source for d in library.corpus.documents}
    by_id = {claim.claim_id: claim for claim in library.corpus.claims}
    for claim in found[:_FOUND]:
        source = titles[claim.source_id]
        where = f"{source.title} ({source.year or 'no date given'})"
        st.html(claim_html(claim, by_id, prompts, library.corpus.glossary, where))


def find_claims(
    library: Library, wanted: str, topic: str | None, evidence: Evidence | None
) -> list[Claim]:
    """Claims of a topic and kind of evidence: the best for `wanted` first, all if it is empty."""
    if wanted:
        ranking = library.retriever.search(Query("library", wanted, wanted), 10 * _FOUND)
        if judge_evidence(ranking, library.calibration).verdict is Verdict.OFF_TOPIC:
            return []
        claims = [hit.chunk.claim for hit in ranking.hits if hit.chunk.claim]
    else:
        claims = list(library.corpus.claims)
    return [
        claim
        for claim in claims
        if (topic is None or topic in claim.topics)
        and (evidence is None or claim.evidence is evidence)
    ]


def _list_sources(rows: list[Document], prompts: Prompts) -> None:
    for kind, words in sorted(prompts.kind_words.items(), key=lambda pair: pair[1]):
        of_kind = [document for document in rows if document.source.kind == kind]
        if not of_kind:
            continue
        items = "".join(
            f"<li><strong>{escape(d.source.title)}</strong><br><span class='aw-evidence'>"
            f"{escape(d.source.publisher)}, {d.source.year or 'no date given'}; "
            f"read on {d.source.checked_on.isoformat()}</span></li>"
            for d in of_kind
        )
        with st.expander(f"{literal(words)} ({len(of_kind)})"):
            st.html(f"<ul class='aw-sources'>{items}</ul>")


def _show_source(document: Document, corpus: Corpus, prompts: Prompts) -> None:
    source = document.source
    claims = [claim for claim in corpus.claims if claim.source_id == source.source_id]
    st.subheader(literal(source.title))
    rows = (
        ("What it is", prompts.kind_words.get(source.kind, source.kind)),
        ("Publisher", source.publisher),
        ("Who it is about", source.population),
        ("How old", _age(source.year, datetime.now(UTC).date())),
        ("Read", _reading(document, claims)),
        ("To know", source.notes),
    )
    st.html(
        "<dl class='aw-facts'>"
        + "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in rows if text)
        + "</dl>"
    )
    st.link_button("Open the publisher's page", source.url)
    st.markdown("**What it says, and what speaks against it**")
    by_id = {claim.claim_id: claim for claim in corpus.claims}
    explained: set[str] = set()
    for claim in claims:
        st.html(claim_html(claim, by_id, prompts, corpus.glossary, claim.where, explained))


def _age(year: int | None, today: date) -> str:
    if year is None:
        return "No date given"
    years = today.year - year
    return f"{year}, {years} year{'' if years == 1 else 's'} ago" if years > 0 else f"{year}"


def _reading(document: Document, claims: list[Claim]) -> str:
    source = document.source
    copies = sum(claim.second_hand for claim in claims)
    parts = [f"On {source.checked_on.isoformat()}"]
    if copies == len(claims):
        parts.append("in another copy than the publisher's page")
    elif copies:
        parts.append(f"{copies} of {len(claims)} statements in another copy")
    if source.read_against_source:
        parts.append(
            "read a second time against our notes of the source on "
            f"{source.read_against_source.isoformat()}, by us and not by a clinician"
        )
    return "; ".join(parts) + f". To be read again by {source.review_by.isoformat()}."


def overview_html(claims: tuple[Claim, ...], prompts: Prompts) -> str:
    """A table of topics against kinds of evidence: how many statements stand on what."""
    counts = Counter((topic, claim.evidence) for claim in claims for topic in claim.topics)
    most = max(counts.values(), default=1)
    kinds = [kind for kind in Evidence if any(counts[topic, kind] for topic in prompts.topic_words)]
    head = "".join(
        f"<th scope='col'><span>{escape(prompts.short_evidence_words[k.value])}</span></th>"
        for k in kinds
    )
    body = ""
    for topic, words in prompts.topic_words.items():
        row = [counts[topic, kind] for kind in kinds]
        cells = "".join(
            f"<td style='--aw-share:{round(100 * (n / most) ** 0.5)}%'>{n or '·'}</td>" for n in row
        )
        total = f"<td class='aw-sum'>{sum(row)}</td>"
        body += f"<tr><th scope='row'>{escape(words)}</th>{cells}{total}</tr>"
    return (
        "<p class='aw-evidence'>Number of statements for each topic and kind of evidence; a darker "
        "field holds more. A statement can belong to several topics. On a narrow screen the table "
        "moves sideways.</p>"
        "<div class='aw-scroll' tabindex='0' role='region' aria-label='What stands on what'>"
        f"<table class='aw-map'><thead><tr><th scope='col'>Topic</th>{head}"
        f"<th scope='col'><span>All</span></th></tr></thead><tbody>{body}</tbody></table></div>"
    )
