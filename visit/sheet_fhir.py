"""The sheet as FHIR R4B, for a clinic to file: a Questionnaire and its QuestionnaireResponse.

Both stand in one Bundle of type "collection" (HL7 FHIR R4B 4.3.0). fhir.resources validates the
resources; that every linkId and answer type of the response is one of the questionnaire it does
not, so `unmatched_answers` does.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from visit.types import SheetQuestion, VisitSheet

_NAMESPACE = uuid.UUID("b0a4c2a0-6f0c-5a52-9a35-5d5f0f5c7a11")
_TITLE = "Questions that I brought to my visit"
_ANSWER_TYPES = {"text": "valueString", "date": "valueDate"}


def sheet_fhir(sheet: VisitSheet, authored_at: datetime) -> str:
    """The Bundle as JSON. Equal sheets at the same time (UTC) give equal texts."""
    from fhir.resources.R4B.bundle import Bundle

    items = _items(sheet)
    seed = "\n".join(f"{q.item_id}\t{q.text}" for q in sheet.questions)
    canonical = f"urn:uuid:{uuid.uuid5(_NAMESPACE, seed)}"
    response_url = f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{canonical} {authored_at.isoformat()}')}"
    questionnaire = {
        "resourceType": "Questionnaire",
        "url": canonical,
        "title": _TITLE,
        "status": "active",
        "subjectType": ["Patient"],
        "date": authored_at.isoformat(),
        "description": "Made by the patient with software, not by a clinician.",
        "item": items,
    }
    is_complete = bool(sheet.questions) and all(q.answer for q in sheet.questions)
    answers = _answers(sheet)
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": canonical,
        "status": "completed" if is_complete else "in-progress",
        "authored": authored_at.isoformat(),
        **({"item": answers} if answers else {}),
    }
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": authored_at.isoformat(),
        "entry": [
            {"fullUrl": canonical, "resource": questionnaire},
            {"fullUrl": response_url, "resource": response},
        ],
    }
    return str(Bundle.model_validate(bundle).model_dump_json(indent=1))


def unmatched_answers(questionnaire: dict[str, Any], response: dict[str, Any]) -> tuple[str, ...]:
    """What of a response its questionnaire does not have: link ids, places, answer types."""
    known = {item["linkId"]: item for item in _flat(questionnaire.get("item", []))}
    problems = []
    for item in _flat(response.get("item", [])):
        asked = known.get(item["linkId"])
        if asked is None:
            problems.append(f"linkId '{item['linkId']}' is not in the questionnaire")
            continue
        for answer in item.get("answer", []):
            wanted = _ANSWER_TYPES.get(asked["type"])
            if set(answer) != {wanted}:
                problems.append(f"linkId '{item['linkId']}' wants {wanted}, not {sorted(answer)}")
    return tuple(problems)


def _items(sheet: VisitSheet) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = [
        {"linkId": "visit-date", "text": "Day of the visit", "type": "date"}
    ]
    for link_id, text, questions in _groups(sheet):
        items.append(
            {
                "linkId": link_id,
                "text": text,
                "type": "group",
                "item": [
                    {"linkId": f"{link_id}.{number}", "text": question.text, "type": "text"}
                    for number, question in enumerate(questions, start=1)
                ],
            }
        )
    items.append({"linkId": "notes", "text": "Notes", "type": "text"})
    return items


def _answers(sheet: VisitSheet) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if sheet.visit_date:
        items.append(
            {"linkId": "visit-date", "answer": [{"valueDate": sheet.visit_date.isoformat()}]}
        )
    for link_id, _, questions in _groups(sheet):
        answered = [
            {"linkId": f"{link_id}.{number}", "answer": [{"valueString": question.answer}]}
            for number, question in enumerate(questions, start=1)
            if question.answer
        ]
        if answered:
            items.append({"linkId": link_id, "item": answered})
    if sheet.notes.strip():
        items.append({"linkId": "notes", "answer": [{"valueString": sheet.notes.strip()}]})
    return items


def _groups(sheet: VisitSheet) -> list[tuple[str, str, tuple[SheetQuestion, ...]]]:
    groups = [("top", "Most important to me", sheet.top), ("more", "If there is time", sheet.more)]
    return [group for group in groups if group[2]]


def _flat(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found for item in items for found in (item, *_flat(item.get("item", [])))]
