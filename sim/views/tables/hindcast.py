"""`hindcast` as JSON and as CSV."""

from __future__ import annotations

from typing import Any

from sim.analysis.hindcast import PERSISTENCE, LeaveOneOut, Score
from sim.ensemble.tables import table
from sim.inputs.schedule import month_name
from sim.views.text.hindcast import CAN, Hindcast, sentence, turned
from sim.views.wording import NOT_A_FORECAST


def hindcast_document(found: Hindcast) -> dict[str, Any]:
    """Labels, scores by forecast and date, claims and numbers before and after, thresholds."""
    post, scored = found.posterior, found.scored
    return {
        "scenario": found.scenario.name,
        "sentence": sentence(found),
        "what_it_can_show": CAN,
        "labels": [
            {
                "month": each.month,
                "date": each.date,
                "label": dict(each.classes),
                "justification": each.justification,
                "disputed": each.disputed,
            }
            for each in scored.labels
        ],
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
        "claims": [
            {
                "claim": each.claim,
                "prior": each.prior,
                "posterior": each.posterior,
                "bayes_factor": each.factor,
                "log_bayes_factor_se": each.log_se,
                "stands_out": each.stands_out,
            }
            for each in post.claims
        ],
        "other_weighings": [
            {"power": each.power, "floor": each.floor, "posteriors": dict(each.posteriors)} for each in found.weighings
        ],
        "numbers": [
            {
                "number": each.number,
                "prior_mean": each.prior,
                "posterior_mean": each.posterior,
                "move_in_sd": each.move,
                "se": each.se,
                "stands_out": each.stands_out,
            }
            for each in post.numbers
        ],
        "leave_out": None if found.one_out is None else _one_out(found.one_out),
        "thresholds": [
            {
                "threshold": each.threshold,
                "value": each.value,
                "usual": each.usual,
                "mean_log": each.mean_log,
                "log_by_month": {str(month): log for month, log in each.logs.items()},
                "bayes_factors": dict(each.factors),
            }
            for each in found.thresholds
        ],
        "threshold_verdict": turned(found) if found.thresholds else None,
        "not_a_forecast": NOT_A_FORECAST,
    }


def _score(each: Score, outcomes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "forecast": each.forecast,
        "month": each.month,
        "log": each.log,
        "brier": each.brier,
        "brier_binary": each.binary,
        "rps": each.ranked,
        "probabilities": dict(zip(outcomes, each.probabilities, strict=True)),
    }


def _one_out(left: LeaveOneOut) -> dict[str, Any]:
    return {
        "month": left.month,
        "gain": left.gain,
        "gain_se": left.gain_se,
        "effective_worlds": left.effective,
        "scores": [_score(each, left.outcomes) for each in left.scores],
    }


def hindcast_csv(found: Hindcast) -> bytes:
    """Scores, then claims, then numbers; the first column says which."""
    header = (
        "kind",
        "name",
        "month",
        "before",
        "after",
        "bayes_factor",
        "log_se_or_se",
        "log_score",
        "brier",
        "brier_binary",
        "rps",
    )
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
