"""The sheet on paper and in files: nothing lost, nothing cut, everything loads again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from html import escape

import pypdfium2
import pytest
from fhir.resources.R4B.questionnaire import Questionnaire
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from corpus.types import Corpus
from prompts.types import Asks, Prompts, Setting, Stage
from visit.errors import SheetFileError
from visit.sheet import add_question, from_bank
from visit.sheet_fhir import sheet_fhir, unmatched_answers
from visit.sheet_html import sheet_html
from visit.sheet_json import dump_sheet, load_sheet
from visit.sheet_markdown import sheet_markdown
from visit.sheet_page import SheetPage, lay_out
from visit.sheet_pdf import PaperSize, sheet_pdf
from visit.types import PastVisit, SheetQuestion, VisitSheet

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
STRANGE = "Žluťoučký kůň, Ελληνικά, 日本, 💊, <b>bold</b>, $5 & “quotes”"


@pytest.fixture(scope="module")
def sheet(real_prompts: Prompts, real_corpus: Corpus) -> VisitSheet:
    """Three questions and eight more of the list, notes in many scripts, an answered earlier visit."""
    full = VisitSheet(
        notes=STRANGE,
        visit_date=date(2026, 12, 1),
        country="US",
        setting=Setting.SPRAVATO,
        stage=Stage.BOOKED,
    )
    for question in real_prompts.questions[:11]:
        full = add_question(full, from_bank(question, real_corpus))
    return full


@pytest.fixture(scope="module")
def page(sheet: VisitSheet, real_prompts: Prompts) -> SheetPage:
    """Laid out on a fixed day."""
    return lay_out(sheet, real_prompts, TODAY)


def pdf_text(content: bytes) -> str:
    """All text of a PDF, white space made single."""
    document = pypdfium2.PdfDocument(content)
    pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_three_questions_and_eight_more_fit_one_page(page: SheetPage, paper: PaperSize) -> None:
    """In print of nine points or more, every question whole, sources and help included."""
    content = sheet_pdf(page, paper=paper)
    assert len(pypdfium2.PdfDocument(content)) == 1
    text = pdf_text(content)
    for question in (*page.top, *page.more):
        assert question.text in text
    assert "988" in text
    assert "not by a clinician" in text
    assert page.handover in text


def test_large_print_cuts_nothing(page: SheetPage) -> None:
    """18 points take more pages, and every word is on them."""
    text = pdf_text(sheet_pdf(page, large=True))
    for question in (*page.top, *page.more):
        assert question.text in text
    assert all(line in text for line in page.help_lines)


def test_a_very_long_sheet_goes_on_to_more_pages(real_prompts: Prompts) -> None:
    """Own questions of 400 characters without a blank are broken, not cut."""
    long = VisitSheet(
        top=(SheetQuestion("own:x", "x" * 400),),
        more=tuple(SheetQuestion(f"own:{n}", f"{n} " + "why " * 99) for n in range(40)),
        notes="n" * 2000,
    )
    document = pypdfium2.PdfDocument(sheet_pdf(lay_out(long, real_prompts, TODAY)))
    text = "".join(
        "".join(document[n].get_textpage().get_text_bounded().split()) for n in range(len(document))
    )
    assert text.count("x" * 400) == 1
    assert "n" * 2000 in text
    assert len(document) > 1


def test_characters_outside_latin_1_are_shown(page: SheetPage) -> None:
    """What the font has is drawn; what it lacks stands there as its code."""
    text = pdf_text(sheet_pdf(page))
    assert "Žluťoučký kůň, Ελληνικά" in text
    assert "[U+65E5]" in text
    assert "[U+1F48A]" in text
    assert "<b>bold</b>" in text


def test_the_printed_page_is_complete_and_escaped(page: SheetPage) -> None:
    """No script, nothing loaded, the patient's words literally, help and notice there."""
    html = sheet_html(page)
    assert escape(STRANGE) in html
    assert "<script" not in html
    assert "src=" not in html
    assert "url(" not in html
    assert all(escape(question.text) in html for question in (*page.top, *page.more))
    assert "not by a clinician" in html
    assert "18pt" in sheet_html(page, large=True)


def test_markdown_keeps_every_question_and_answer(real_prompts: Prompts, sheet: VisitSheet) -> None:
    """An answer stands under its question; an earlier visit is kept."""
    answered = VisitSheet(
        top=(SheetQuestion("a", "Is it *so*?", answer="Yes,\nmostly"),),
        earlier=(PastVisit(None, (("Before?", "No"),)),),
    )
    text = sheet_markdown(lay_out(answered, real_prompts, TODAY))
    assert "1. Is it \\*so\\*?\n   - Yes, mostly" in text
    assert "## Earlier visit\n\n- Before?\n  - No" in text


def test_a_saved_sheet_gives_the_same_page(
    sheet: VisitSheet, page: SheetPage, real_prompts: Prompts
) -> None:
    """Through JSON and back, every field and the whole page are equal."""
    loaded = load_sheet(dump_sheet(sheet))
    assert loaded == sheet
    assert sheet_html(lay_out(loaded, real_prompts, TODAY)) == sheet_html(page)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "not json",
        "[]",
        '{"format": "askwell-sheet", "version": 2, "sheet": {}}',
        '{"format": "askwell-sheet", "version": 1, "sheet": {"top": [{"text": "no id"}]}}',
        '{"format": "askwell-sheet", "version": 1, "sheet": {"top": 3}}',
        '{"format": "other", "version": 1, "sheet": {}}',
        "[" * 100_000,
        " " * 400_001,
    ],
)
def test_what_is_no_saved_sheet_is_refused_in_one_line(text: str) -> None:
    """The message says what to do and shows nothing of the file."""
    with pytest.raises(SheetFileError, match="choose") as error:
        load_sheet(text)
    assert "\n" not in str(error.value)


def test_the_fhir_pair_is_valid_and_matches(sheet: VisitSheet) -> None:
    """Both resources validate as R4B; every linkId and answer type is one of the questionnaire's."""
    answered = VisitSheet(
        top=(
            SheetQuestion("a", "One?", answer="yes"),
            SheetQuestion("b", "Two?", asks=Asks.OPTIONS),
        ),
        more=(SheetQuestion("c", "Three?", answer="no"),),
        notes="mine",
        visit_date=date(2026, 12, 1),
    )
    for case in (answered, sheet, VisitSheet()):
        bundle = json.loads(sheet_fhir(case, NOW))
        questionnaire, response = (entry["resource"] for entry in bundle["entry"])
        Questionnaire.model_validate(questionnaire)
        QuestionnaireResponse.model_validate(response)
        assert response["questionnaire"] == questionnaire["url"]
        assert unmatched_answers(questionnaire, response) == ()
    assert sheet_fhir(answered, NOW) == sheet_fhir(answered, NOW)


def test_an_answer_that_does_not_match_is_named() -> None:
    """An unknown linkId and a wrong answer type, which the library lets pass."""
    questionnaire = {
        "item": [{"linkId": "top", "type": "group", "item": [{"linkId": "top.1", "type": "text"}]}]
    }
    response = {
        "item": [
            {
                "linkId": "top",
                "item": [{"linkId": "top.1", "answer": [{"valueDate": "2026-01-01"}]}],
            },
            {"linkId": "zzz", "answer": [{"valueString": "x"}]},
        ]
    }
    assert unmatched_answers(questionnaire, response) == (
        "linkId 'top.1' wants valueString, not ['valueDate']",
        "linkId 'zzz' is not in the questionnaire",
    )


def test_open_questions_leave_the_response_in_progress(sheet: VisitSheet) -> None:
    """Completed only where every question has an answer."""
    done = VisitSheet(top=(SheetQuestion("a", "One?", answer="yes"),))
    states = [
        json.loads(sheet_fhir(case, NOW))["entry"][1]["resource"]["status"]
        for case in (done, sheet)
    ]
    assert states == ["completed", "in-progress"]
