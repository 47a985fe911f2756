"""Pieces that pages share: help bar, escaped statements, the source view, the announcer.

Everything that people or sources say is escaped here; no page writes its own HTML from their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

import streamlit as st
from streamlit.navigation.page import Page

from chat.present import evidence_in_words
from chat.types import Citation, Statement
from corpus.types import Corpus
from prompts.types import Prompts

_SURROUNDINGS = 420

# Several lines, since Streamlit takes a single line for a file's name.
_ANNOUNCER_SCRIPT = """
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector("[role=status]");
  if (place.textContent === data.text) return;
  place.textContent = data.text;
  // Streamlit scrolls to the end of a long reply; reading starts at its beginning.
  const turn = data.turn && document.querySelector(".st-key-turn-" + data.turn);
  if (turn) setTimeout(() => turn.scrollIntoView({ block: "start" }), 350);
}
"""

STYLE = """
<style>
:root{--aw-help:#fdf3e7;--aw-ink:#1d2730;--aw-line:#8a6d3b;--aw-soft:#eef2f4;--aw-quiet:#45525e}
:root{--aw-mark:#ffe9a8;--aw-page:#fbfaf7}
@media (prefers-color-scheme:dark){:root{--aw-help:#33291b;--aw-ink:#f1f3f5;--aw-line:#b08d57}
:root{--aw-soft:#1f2830;--aw-quiet:#b9c4cd;--aw-mark:#6b5510;--aw-page:#12191d}}
.stAppHeader{display:none}
.st-key-top-bar{position:fixed;top:0;left:50%;transform:translateX(-50%);width:min(46rem,100vw);
z-index:90;background:var(--aw-page);padding:.3rem .6rem;gap:.2rem}
.st-key-help-bar{background:var(--aw-help);color:var(--aw-ink);border:1px solid var(--aw-line);
border-radius:.6rem;padding:.2rem .7rem;flex-wrap:nowrap!important}
.st-key-help-bar button{color:var(--aw-ink)}
.stMainBlockContainer{padding-top:9rem!important}
.aw-help p{margin:0;color:var(--aw-ink);font-size:.9rem;line-height:1.35}
.aw-help a{color:inherit;text-decoration:underline;display:inline-block;
padding:.25rem 0;min-height:24px}
.aw-statement{margin:0 0 1rem;padding-left:.8rem;border-left:3px solid var(--aw-line)}
.aw-statement{overflow-wrap:anywhere}
.aw-statement p{margin:0 0 .2rem} .aw-evidence,.aw-caution{font-size:.9rem;color:var(--aw-quiet)}
.aw-other{margin:.5rem 0 0 .6rem;padding:.5rem .8rem;background:var(--aw-soft);border-radius:.4rem}
.aw-other>strong{display:block;font-size:.9rem;margin-bottom:.25rem}
.aw-passage{background:var(--aw-soft);padding:.8rem;border-radius:.4rem;white-space:pre-wrap}
.aw-passage{overflow-wrap:anywhere}
.aw-passage mark{background:var(--aw-mark);color:inherit;padding:.1rem 0}
.aw-evidence a{color:inherit}
[class*="st-key-turn-"]{scroll-margin-top:9rem}
[data-testid="stCaptionContainer"],
[data-testid="stCaptionContainer"] p{color:var(--aw-quiet)!important}
[data-testid="stCaptionContainer"]{opacity:1!important}
.stButton button,.stDownloadButton button,[data-testid="stPopoverButton"]{min-height:2.4rem}
[class*="st-key-cite-"] button{min-height:1.9rem;padding:.1rem .55rem;text-align:left}
@media (max-width:640px){.stMainBlockContainer h1{font-size:1.6rem}
.stMainBlockContainer h2,.stMainBlockContainer h3{font-size:1.2rem}
.stMainBlockContainer{padding-top:11rem!important}.aw-help p{font-size:.8rem}
.st-key-top-bar{padding:.2rem .3rem}.st-key-help-bar{padding:.15rem .45rem}}
</style>
"""


def statement_html(statement: Statement, prompts: Prompts) -> str:
    """One statement with its numbers, evidence in words, caution, and the other side beside it."""
    numbers = "".join(f"[{citation.number}]" for citation in statement.citations)
    words = evidence_in_words(statement, prompts)
    if any(citation.second_hand for citation in statement.citations):
        words += f". Read in another copy on {statement.citations[0].source.checked_on.isoformat()}"
    rows = [
        f"<p>{escape(statement.text)} <span>{numbers}</span></p>",
        f"<p class='aw-evidence'>{escape(words)}</p>",
    ]
    if statement.caution:
        rows.append(
            f"<p class='aw-caution'><strong>Keep in mind:</strong> {escape(statement.caution)}</p>"
        )
    if statement.contrasts:
        others = "".join(statement_html(other, prompts) for other in statement.contrasts)
        rows.append(
            "<div class='aw-other'>"
            f"<strong>Beside it: what differs or speaks against it</strong>{others}</div>"
        )
    return f"<div class='aw-statement'>{''.join(rows)}</div>"


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


def literal(text: str) -> str:
    """`text` so that Streamlit's Markdown shows it as it is, `$` and `:` included."""
    return "".join(
        f"\\{character}" if character in "\\`*_{}[]<>#+-.!|$~:" else character for character in text
    )


def top_bar(prompts: Prompts, pages: Sequence[Page] = ()) -> None:
    """The pages and help, always in view and in the same place on every page."""
    with st.container(key="top-bar"):
        if pages:
            with st.container(key="page-links", horizontal=True, gap="medium"):
                for page in pages:
                    st.page_link(page)
        _help_bar(prompts)


def _help_bar(prompts: Prompts) -> None:
    codes = [country.code for country in prompts.countries]
    codes.sort(key=lambda code: code != "international")
    names = {country.code: country.name for country in prompts.countries}
    chosen = st.session_state.get("country", "international")
    country = prompts.country(chosen)
    link = "<a href='help' target='_blank' rel='noopener'>All help lines</a>"
    text = (
        "<strong>In danger, or thinking of suicide?</strong> "
        f"{escape(country.crisis[0].reach)}. Emergency: {escape(country.emergency)}. {link}"
    )
    with st.container(key="help-bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f"<div class='aw-help' role='region' aria-label='Help now'><p>{text}</p></div>",
            width="stretch",
        )
        with st.popover("Country" if chosen == "international" else names[chosen], width="content"):
            st.selectbox(
                "Country for help lines",
                codes,
                format_func=lambda code: "Not set" if code == "international" else names[code],
                key="country",
            )


def announce(text: str, turn_id: int | None = None) -> None:
    """Tell screen readers, politely, once an answer starts or ends; bring that turn into view."""
    announcer = st.components.v2.component(
        "announcer",
        html=(
            "<div role='status' aria-live='polite' style='position:absolute;width:1px;height:1px;"
            "overflow:hidden;clip-path:inset(50%)'></div>"
        ),
        js=_ANNOUNCER_SCRIPT,
    )
    announcer(data={"text": text, "turn": turn_id}, key="announcer", height=1)
