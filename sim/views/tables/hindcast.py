"""`hindcast` as JSON and as CSV."""

from __future__ import annotations

from typing import Any

from sim.analysis.hindcast import PERSISTENCE, LeaveOneOut, Score
from sim.ensemble.tables import table
from sim.inputs.schedule import month_name
from sim.views.rounding import fields
from sim.views.text.hindcast import Hindcast, can_show, sentence, turned
from sim.views.wording import NOT_A_FORECAST

SCORE = "forecast month log brier brier_binary=binary rps=ranked"
CLAIM = "claim prior posterior bayes_factor=factor log_bayes_factor_se=log_se stands_out"
NUMBER = "number prior_mean=prior posterior_mean=posterior move_in_sd=move se stands_out"


def hindcast_document(found: Hindcast) -> dict[str, Any]:
    """Labels, scores by forecast and date, claims and numbers before and after, thresholds."""
    post, scored = found.posterior, found.scored
    return {
        "scenario": found.scenario.name,
        "record": found.record.name,
        "sentence": sentence(found),
        "what_it_can_show": can_show(found),
        "labels": [fields(each, "month date label=classes justification disputed") for each in scored.labels],
        "scores": [_score(each, scored.outcomes) for each in scored.scores],
        "means": {
            name: dict(zip(("log", "brier", "brier_binary", "rps"), scored.mean(name), strict=True))
            for name in scored.forecasts
        },
        "floored_months": list(scored.floored),
        "mean_log_without_floored": {name: scored.mean(name, scored.floored)[0] for name in scored.forecasts}
        if len(scored.floored) < len(scored.labels)
        else None,
        "beaten_by_persistence_at": list(scored.beats(PERSISTENCE, found.scenario.name)),
        "floors": {"label": found.record.label_floor, "forecast": found.record.forecast_floor},
        "weighted_on_months": list(post.months),
        "worlds": post.worlds,
        "effective_worlds": post.effective,
        "claims": [fields(each, CLAIM) for each in post.claims],
        "other_weighings": [fields(each, "power floor posteriors") for each in found.weighings],
        "numbers": [fields(each, NUMBER) for each in post.numbers],
        "leave_out": None if found.one_out is None else _one_out(found.one_out),
        "thresholds": [
            fields(each, "threshold value usual mean_log")
            | {
                "log_by_month": {str(month): log for month, log in each.logs.items()},
                "bayes_factors": dict(each.factors),
            }
            for each in found.thresholds
        ],
        "threshold_verdict": turned(found) if found.thresholds else None,
        "not_a_forecast": NOT_A_FORECAST,
    }


def _score(each: Score, outcomes: tuple[str, ...]) -> dict[str, Any]:
    probabilities = dict(zip(outcomes, each.probabilities, strict=True))
    return fields(each, SCORE) | {"probabilities": probabilities}


def _one_out(left: LeaveOneOut) -> dict[str, Any]:
    scores = [_score(each, left.outcomes) for each in left.scores]
    return fields(left, "month gain gain_se effective_worlds=effective") | {"scores": scores}


def hindcast_csv(found: Hindcast) -> bytes:
    """Scores, then claims, then numbers; the first column says which."""
    header = ("kind", "name", "month", "before", "after", "bayes_factor", "log_se_or_se", "log_score", "brier",
              "brier_binary", "rps")  # fmt: skip
    rows: list[tuple[object, ...]] = [
        (
            "score", each.forecast, month_name(each.month, found.scenario.first_month), None, None, None, None,
            each.log, each.brier, each.binary, each.ranked,
        )
        for each in found.scored.scores
    ]  # fmt: skip
    rows += [
        ("claim", c.claim, None, c.prior, c.posterior, c.factor, c.log_se, None, None, None, None)
        for c in found.posterior.claims
    ]
    rows += [
        ("number", n.number, None, n.prior, n.posterior, None, n.se, None, None, None, None)
        for n in found.posterior.numbers
    ]
    return table(header, rows)
