"""Pieces that every page shares: style, help bar, announcer, and text shown literally."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Literal

import streamlit as st
from streamlit.navigation.page import Page

from prompts.types import Prompts

# Several lines, since Streamlit takes a single line for a file's name.
_ANNOUNCER_SCRIPT = """
export default function ({ data, parentElement }) {
  const place = parentElement.querySelector("[role=status]");
  if (place.textContent === data.text) return;
  place.textContent = data.text;
  if (!data.turn) return;
  // Streamlit scrolls to the end of a long reply, and again while parts of it arrive; reading
  // starts at its beginning. Held there until all has arrived or the reader moves.
  const started = Date.now();
  const hold = setInterval(() => {
    if (Date.now() - started > 4000) return release();
    document.querySelector(".st-key-turn-" + data.turn)?.scrollIntoView({ block: "start" });
  }, 150);
  const moves = ["wheel", "touchstart", "keydown", "pointerdown"];
  const release = () => {
    clearInterval(hold);
    moves.forEach((move) => window.removeEventListener(move, release, true));
  };
  moves.forEach((move) => window.addEventListener(move, release, true));
}
"""

STYLE = """
<style>
:root{--aw-help:#fdf3e7;--aw-ink:#1d2730;--aw-line:#8a6d3b;--aw-soft:#eef2f4;--aw-quiet:#45525e}
:root{--aw-mark:#ffe9a8;--aw-heat:#e8b96a;--aw-page:#fbfaf7}
@media (prefers-color-scheme:dark){:root{--aw-help:#33291b;--aw-ink:#f1f3f5;--aw-line:#b08d57}
:root{--aw-soft:#1f2830;--aw-quiet:#b9c4cd;--aw-mark:#6b5510;--aw-heat:#7a5a1e;--aw-page:#12191d}}
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
.aw-statement p,.aw-text{margin:0 0 .2rem}
.aw-evidence,.aw-caution{font-size:.9rem;color:var(--aw-quiet)}
.aw-term,.aw-term summary{display:inline}
.aw-term summary{cursor:pointer;list-style:none;text-decoration:underline dotted from-font;
text-underline-offset:.2em} .aw-term summary::-webkit-details-marker{display:none}
.aw-term:not([open])::details-content{display:none}
.aw-term>span{display:block;margin:.2rem 0;padding:.2rem .6rem;background:var(--aw-soft);
border-radius:.4rem;font-size:.9rem}
.aw-other{margin:.5rem 0 0 .6rem;padding:.5rem .8rem;background:var(--aw-soft);border-radius:.4rem}
.aw-other>strong{display:block;font-size:.9rem;margin-bottom:.25rem}
.aw-precise{margin:.1rem 0 .3rem;font-size:.9rem} .aw-precise summary{cursor:pointer;
min-height:24px;color:var(--aw-quiet)}
.aw-facts dt{font-weight:600;font-size:.9rem} .aw-facts dd{margin:0 0 .5rem}
.aw-scroll{overflow-x:auto} .aw-map{border-collapse:collapse;font-size:.8rem}
.aw-map th,.aw-map td{border:1px solid var(--aw-soft);padding:.25rem .22rem;text-align:center}
.aw-map th[scope=row]{text-align:left;min-width:6.5rem;position:sticky;left:0;
background:var(--aw-page)} .aw-map thead th{vertical-align:bottom;font-weight:600}
.aw-map thead th span{display:block;overflow-wrap:normal}
.aw-map td{background:color-mix(in srgb,var(--aw-heat) var(--aw-share,0%),var(--aw-page))}
.aw-map .aw-sum{font-weight:600;background:var(--aw-page)}
.aw-coverage{display:flex;flex-wrap:wrap;gap:.4rem;list-style:none;
padding:0!important;margin:.2rem 0!important}
.aw-coverage li{border:1px solid var(--aw-line);border-radius:.5rem;padding:.2rem .6rem;
margin:0!important}
.aw-coverage .aw-lacks{border-style:dashed} .aw-coverage strong{font-size:.9rem}
.aw-passage{background:var(--aw-soft);padding:.8rem;border-radius:.4rem;white-space:pre-wrap}
.aw-passage{overflow-wrap:anywhere}
.aw-passage mark{background:var(--aw-mark);color:inherit;padding:.1rem 0}
.aw-evidence a{color:inherit}
[class*="st-key-turn-"]{scroll-margin-top:9rem}
[data-testid="stCaptionContainer"],
[data-testid="stCaptionContainer"] p{color:var(--aw-quiet)!important}
[data-testid="stCaptionContainer"]{opacity:1!important}
.stButton button,.stDownloadButton button,[data-testid="stPopoverButton"]{min-height:2.4rem}
.st-key-page-links button{min-height:1.9rem;padding:.1rem .6rem}
[class*="st-key-cite-"] button{min-height:1.9rem;padding:.1rem .55rem;text-align:left}
@media (max-width:640px){.stMainBlockContainer h1{font-size:1.6rem}
.stMainBlockContainer h2,.stMainBlockContainer h3{font-size:1.2rem}
.stMainBlockContainer{padding-top:11rem!important}.aw-help p{font-size:.8rem}
.st-key-top-bar{padding:.2rem .3rem}.st-key-help-bar{padding:.15rem .45rem}}
@media (max-width:360px){.st-key-page-links{gap:0!important;flex-wrap:nowrap!important}
.st-key-page-links p{font-size:.85rem;white-space:nowrap}
.st-key-page-links button{padding:.1rem .35rem}
.stMainBlockContainer{padding-top:12.5rem!important}
[class*="st-key-turn-"]{scroll-margin-top:12rem}}
</style>
"""


def literal(text: str) -> str:
    """`text` so that Streamlit's Markdown shows it as it is, `$` and `:` included."""
    return "".join(
        f"\\{character}" if character in "\\`*_{}[]<>#+-.!|$~:" else character for character in text
    )


def top_bar(prompts: Prompts, pages: Sequence[Page] = (), current: Page | None = None) -> None:
    """The pages and help, always in view and in the same place on every page."""
    with st.container(key="top-bar"):
        if pages:
            with st.container(key="page-links", horizontal=True, gap="medium"):
                for page in pages:
                    # Not a link: a tap on one is sent ahead of what was typed just before it.
                    kind: Literal["secondary", "tertiary"] = (
                        "secondary" if page is current else "tertiary"
                    )
                    if st.button(page.title, key=f"page-{page.url_path or 'chat'}", type=kind):
                        st.switch_page(page)
        _help_bar(prompts)


def _help_bar(prompts: Prompts) -> None:
    codes = [country.code for country in prompts.countries]
    codes.sort(key=lambda code: code != "international")
    names = {country.code: country.name for country in prompts.countries}
    chosen = st.session_state.get("country", "international")
    if chosen not in names:
        # A kept sheet may name a country that is no longer listed.
        st.session_state["country"] = chosen = "international"
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
