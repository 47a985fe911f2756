"""The judgement of evidence, with the logistic done by hand, and the calibrations on disk."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from corpus.types import Chunk, Span
from retrieval.abstain import CALIBRATIONS, Calibration, judge_evidence, load_calibration
from retrieval.errors import CalibrationError
from retrieval.export import WEIGHTS_SHA256
from retrieval.hashing import HashingEncoder
from retrieval.types import Hit, Query, Ranking, Signals, Verdict

CALIBRATION = Calibration(
    "x",
    (2.0, 1.0, 0.0, 0.0, 0.0),
    -2.0,
    answer_from=0.6,
    on_topic_from=0.3,
    outline_from=0.7,
    outline_agreed_from=0.6,
    outline_alone_from=0.93,
    relevant_from=0.7,
    labelled=9,
)
QUERY = Query("q", "t", "t")
HITS = (Hit(Chunk("d#a", "d", Span(0, 1), "x", "h"), 1.0, 1, "hybrid"),)


def judged(dense: float, coverage: float) -> tuple[Verdict, float]:
    """Verdict and probability for two signals."""
    judgement = judge_evidence(
        Ranking(QUERY, HITS, "hybrid", Signals(dense, coverage, 0, 0, 0)), CALIBRATION
    )
    return judgement.verdict, judgement.probability


def test_the_probability_is_the_logistic_of_the_weighted_sum() -> None:
    """2*1 + 1*1 - 2 = 1, and 1/(1+e^-1) = 0.7311."""
    assert CALIBRATION.probability((1.0, 1.0, 0.5, 0.5, 0.5)) == pytest.approx(
        1 / (1 + math.exp(-1))
    )


def test_the_two_thresholds_part_three_verdicts() -> None:
    """0.73 answers, 0.5 is on the subject without evidence, 0.12 is off the subject."""
    assert judged(1.0, 1.0) == (Verdict.ANSWER, pytest.approx(0.7310586))
    assert judged(1.0, 0.0) == (Verdict.NO_EVIDENCE, pytest.approx(0.5))
    assert judged(0.0, 0.0) == (Verdict.OFF_TOPIC, pytest.approx(0.1192029))


def test_no_hits_or_no_signals_is_off_the_subject() -> None:
    """Without evidence nothing is answered, whatever the calibration says."""
    assert (
        judge_evidence(Ranking(QUERY, (), "hybrid", Signals(1, 1, 1, 1, 1)), CALIBRATION).verdict
        is Verdict.OFF_TOPIC
    )
    assert judge_evidence(Ranking(QUERY, HITS, "hybrid"), CALIBRATION).verdict is Verdict.OFF_TOPIC


def test_an_uncalibrated_encoder_is_refused_with_the_command(tmp_path: Path) -> None:
    """The refusal names the encoder and what makes its calibration."""
    with pytest.raises(CalibrationError) as caught:
        load_calibration("other-1", tmp_path)
    assert (
        str(caught.value)
        == "encoder 'other-1' has no calibration; run `python cli.py evaluate calibrate`"
    )


@pytest.mark.parametrize("digest", [HashingEncoder.digest, f"minilm-{WEIGHTS_SHA256[:12]}"])
def test_a_calibration_ships_for_both_encoders(digest: str) -> None:
    """Each is of its own encoder, and its thresholds are ordered probabilities."""
    calibration = load_calibration(digest)
    assert calibration.encoder == digest
    assert len(calibration.weights) == len(Signals(0, 0, 0, 0, 0).vector())
    assert 0 < calibration.on_topic_from <= calibration.answer_from < 1
    assert calibration.labelled >= 100


def test_calibrations_are_named_after_their_encoder() -> None:
    """No calibration can be taken for that of another encoder."""
    for path in CALIBRATIONS.glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))["encoder"] == path.stem
