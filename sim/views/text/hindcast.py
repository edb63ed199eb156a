"""What `hindcast` says, as text, JSON and CSV: how well each scenario foresaw what happened, and what that did to each
assumption.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

from sim.analysis.hindcast import BEST, PERSISTENCE, LeaveOneOut, Score, Scored, ThresholdEffect
from sim.analysis.posterior import ClaimPosterior, Posterior, Weighing
from sim.ensemble.intervals import Z95
from sim.ensemble.tables import table
from sim.inputs.records import Record
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.views.json_report import fields
from sim.views.text.case_words import meaning_of, meanings, short_name, with_sentence
from sim.views.text.screen import Screen, headed
from sim.views.wording import NOT_A_FORECAST, PICKED, counted, listed, number, plus_minus

MOST_CLAIMS, MOST_NUMBERS, MOST_THRESHOLDS = 14, 8, 5
SHORT_CLAIMS = 3  # on one screen
SCORE = "forecast month log brier brier_binary=binary rps=ranked"  # their keys in JSON
CLAIM = "claim prior posterior bayes_factor=factor log_bayes_factor_se=log_se stands_out"
MEANS = ("log", "brier", "brier_binary", "rps")
NUMBER = "number prior_mean=prior posterior_mean=posterior move_in_sd=move se stands_out"
CAN = (
    "What this can show: whether an assumption makes the model expect, at {dates}, endings unlike the ones that"
    " coders saw. What it cannot: prove a claim. History is one path, the labels were written after the event, by"
    " people who knew it and built the model, and they can be disputed; a claim can lose here because"
    " a rule of the model is wrong. Nothing in the model was tuned to the labels. A plausibility check, never"
    " validation."
)


@dataclass(frozen=True)
class Hindcast:
    """The results of one call. ``thresholds`` is empty where they were not asked for."""

    record: Record
    scenario: Scenario  # the first, whose assumptions are weighed
    scored: Scored
    posterior: Posterior
    one_out: LeaveOneOut | None  # the month left out of the weights, if one was asked for
    thresholds: tuple[ThresholdEffect, ...]
    weighings: tuple[Weighing, ...]


def can_show(found: Hindcast) -> str:
    """What the labelled dates can show and what they cannot."""
    return CAN.format(dates=counted(len(found.record.labels), "date"))


def hindcast_text(found: Hindcast, screen: Screen) -> str:
    """Everything: scores by date, the date left out, claims, numbers and thresholds."""
    months = [label.month for label in found.scored.labels]
    by_date = _log_scores(found, ("log score after month", *map(str, months)), 26, screen)
    parts = [screen.paragraph(sentence(found)), _labels(found, screen), _scores(found, screen), "\n".join(by_date)]
    if found.one_out is not None:
        parts.append(_one_out(found.one_out, screen))
    parts += [_claims(found, screen), _numbers(found, screen)]
    if found.thresholds:
        parts.append(_thresholds(found, screen))
    parts += [screen.paragraph(can_show(found)), screen.paragraph(NOT_A_FORECAST)]
    return screen.text("\n\n".join(parts))


def short_hindcast(found: Hindcast, screen: Screen) -> str:
    """One screen: the answer, log scores, the claims that the labels support or weaken, and what that is worth."""
    months = (month_name(each.month, found.scenario.first_month) for each in found.scored.labels)
    rows = _log_scores(found, ("log score (higher is better)", "mean", *months), 30, screen)
    floor = f"A forecast below {found.record.forecast_floor:g} counts as that; persistence repeats the label before."
    parts = [screen.paragraph(sentence(found)), "\n".join([*rows, screen.paragraph(floor)])]
    if found.one_out is not None:
        parts.append(_one_out(found.one_out, screen))
    lines = _claim_table(found, found.posterior.loud[:SHORT_CLAIMS], screen)
    verdict = turned(found) if found.thresholds else ""
    lines.append(screen.paragraph(f"{_others(found, SHORT_CLAIMS)} {verdict}".rstrip()))
    parts += ["\n".join(lines), screen.paragraph(can_show(found))]
    close = f"--full: the labels, other scores, numbers, thresholds, how it is weighed. {NOT_A_FORECAST}"
    return screen.text("\n\n".join(parts) + "\n" + screen.paragraph(close))


def sentence(found: Hindcast) -> str:
    """The scores in one sentence, and what lost or gained most."""
    name, scored = found.scenario.name, found.scored
    log, uniform = scored.mean(name)[0], scored.mean("uniform")[0]
    worse = scored.beats("uniform", name)
    verdict = "better than" if log > uniform else "no better than"
    text = (
        f"{name} scores {verdict} giving every ending the same chance ({number(log)} against"
        f" {number(uniform)}; the best possible is {BEST}, {number(scored.mean(BEST)[0])})"
    )
    if worse:
        text += f", but worse at {_dates_of(worse, found)}" if log > uniform else ""
    text += _against_persistence(found)
    if not found.posterior.loud:
        return f"{text}. No claim gains or loses beyond simulation noise."
    first = found.posterior.loud[0]
    says = meaning_of(found.scenario, f"claim/{first.claim}").rstrip(".")
    return (
        f"{text}. {first.claim} ({says}) {'loses' if first.factor < 1 else 'gains'} most: credence {first.prior:.2f}"
        f" before, {first.posterior:.2f} after (if the labels are taken at their word)."
    )


def _dates_of(months: Sequence[int], found: Hindcast) -> str:
    return listed([month_name(month, found.scenario.first_month) for month in months])


def _against_persistence(found: Hindcast) -> str:
    """How it scores against the label before, at each date and on average without the dates where the floor counts."""
    scored, name = found.scored, found.scenario.name
    beaten, dates = scored.beats(PERSISTENCE, name), len(scored.labels)
    at = f" ({_dates_of(beaten, found)})" if beaten else ""
    text = f". Persistence, which repeats the label before, beats it at {len(beaten)} of {dates} dates{at}"
    rest = scored.floored
    if not rest or len(rest) == dates:
        return f"{text}; on average {number(scored.mean(PERSISTENCE)[0])}"
    means = " against ".join(number(scored.mean(each, rest)[0]) for each in (name, PERSISTENCE))
    without = f"{_dates_of(rest, found)}, where one of the two gave next to no chance to what came"
    return f"{text}; on average {means} for persistence, without {without}"


def _labels(found: Hindcast, screen: Screen) -> str:
    lines = [screen.paragraph(f"What happened ({found.record.title}), as classed after month:")]
    for label in found.record.labels:
        shares = ", ".join(f"{name} {share:.2f}" for name, share in label.classes.items())
        text = f"{label.month:>3} ({label.date}): {shares}. Disputed: {label.disputed}"
        lines.append(screen.paragraph(text, hang="    "))
    return "\n".join(lines)


def _scores(found: Hindcast, screen: Screen) -> str:
    rows: list[tuple[str, ...]] = [("mean over the dates", "log score", "Brier", "binary", "ranked")]
    for name in found.scored.forecasts:
        log, *others = found.scored.mean(name)
        rows.append((screen.cut(name, 26), number(log), *(f"{each:.3f}" for each in others)))
    floor = found.record.forecast_floor
    meaning = (
        f"log score: sum of label x log(forecast), higher is better; a forecast below {floor:g} counts as {floor:g}."
        " Brier: sum over the endings of (forecast - label)^2, 0 to 2. binary: (forecast - label)^2 for the likeliest"
        " ending of the label alone. ranked: the same on cumulative probabilities in the endings' order, 0 to 1. Lower"
        " is better for these three. persistence: the label before (at the first date that of the start)."
    )
    lines = [*headed(rows, screen), screen.paragraph(meaning)]
    if found.scored.floored and len(found.scored.floored) < len(found.scored.labels):
        rest = found.scored.floored
        texts = [f"{name} {number(found.scored.mean(name, rest)[0])}" for name in found.scored.forecasts]
        text = f"Mean log score without {_dates_of(rest, found)}, where a floor counts: {', '.join(texts)}."
        lines.append(screen.paragraph(text))
    return "\n".join(lines)


def _log_scores(found: Hindcast, head: Sequence[str], width: int, screen: Screen) -> list[str]:
    """Log scores date by date, after their mean where the head has a column for it."""
    rows, dates = [head], [label.month for label in found.scored.labels]
    for name in found.scored.forecasts:
        logs = [found.scored.mean(name)[0], *(found.scored.at(name, month).log for month in dates)]
        rows.append((screen.cut(name, width), *map(number, logs[1 - len(head) :])))
    return headed(rows, screen)


def _one_out(left: LeaveOneOut, screen: Screen) -> str:
    plain, weighted, uniform = left.scores
    noise = Z95 * left.gain_se
    says = "helps" if left.gain > noise else "hurts" if left.gain < -noise else "makes no clear difference"
    return screen.paragraph(
        f"Month {left.month} left out: weighting the worlds by the other dates {says}: log score"
        f" {number(weighted.log)} instead of {number(plain.log)} "
        f"({plus_minus(left.gain, Z95 * left.gain_se, 3)}; uniform {number(uniform.log)}), Brier {weighted.brier:.3f}"
        f" instead of {plain.brier:.3f}. Effective worlds: {left.effective:,.0f}. The weights below rest on the other"
        " dates too."
    )


def _claims(found: Hindcast, screen: Screen) -> str:
    post, after = found.posterior, _dates_of(found.posterior.months, found)
    how = (
        f"What the labels after {after} do to each claim in {post.scenario}: worlds weighted"
        f" by label^(1/{len(found.record.labels)}) over the dates, floor {found.record.label_floor:g}, mean over"
        f" the two plays; {post.worlds:,} worlds are worth {post.effective:,.0f}. Bayes factor: how much likelier"
        " the labels are where the claim holds; above 1 speaks for it; the interval is simulation noise."
    )
    lines = [screen.paragraph(how), *_claim_table(found, post.loud[:MOST_CLAIMS], screen)]
    if post.loud:
        powers, floors = (sorted({getattr(each, of) for each in found.weighings}) for of in ("power", "floor"))
        otherwise = (
            "The interval is simulation noise only. Otherwise: the credence after, where the product over the dates is "
            f"taken to a power from {powers[0]:.3g} to {powers[-1]:.3g} (usually {1 / len(found.record.labels):.3g}) "
            f"and the floor is from {floors[0]:g} to {floors[-1]:g}. Neither is known."
        )
        lines.append(screen.paragraph(otherwise))
    return "\n".join([*lines, screen.paragraph(_others(found, MOST_CLAIMS))])


def _claim_table(found: Hindcast, claims: Sequence[ClaimPosterior], screen: Screen) -> list[str]:
    """Each claim's credence before and after, and what it says; no lines without a claim."""
    if not claims:
        return []
    rows: list[tuple[str, ...]] = [("claim", "before", "after", "Bayes factor (95%)", "otherwise")]
    for each in claims:
        low, high = (each.factor * exp(side * Z95 * each.log_se) for side in (-1, 1))
        after = [weighing.posteriors[each.claim] for weighing in found.weighings]  # under other powers and floors
        cells = (f"{each.prior:.2f}", f"{each.posterior:.2f}", f"{each.factor:.2f} ({low:.2f} to {high:.2f})")
        rows.append((screen.cut(each.claim, 29), *cells, f"{min(after):.2f} to {max(after):.2f}"))
    head, *lines = headed(rows, screen)
    return [head, *(line for row in lines for line in with_sentence(found.scenario, row, screen))]


def _others(found: Hindcast, shown: int) -> str:
    """How many claims stand out beside those shown, and how many do not."""
    loud, claims = len(found.posterior.loud), len(found.posterior.claims)
    more = f"{loud - shown} more stand out; " if loud > shown else ""
    picked = f"{PICKED} " if loud else ""
    return (
        f"{picked}{more}{claims - loud} of {claims} claims do not move beyond simulation noise (Holm, 5%). "
        'A Bayes factor between 1/3 and 3 is "not worth more than a bare mention" (Jeffreys 1961).'
    )


def _numbers(found: Hindcast, screen: Screen) -> str:
    loud = [each for each in found.posterior.numbers if each.stands_out][:MOST_NUMBERS]
    if not loud:
        return screen.paragraph("No parameter, ideal point or start level moves beyond simulation noise.")
    rows: list[tuple[str, ...]] = [("number", "before", "after", "move in sd (± 95%)")]
    for each in loud:
        move = plus_minus(each.move, Z95 * each.se, 2)
        rows.append((screen.cut(short_name(each.number), 34), f"{each.prior:.3g}", f"{each.posterior:.3g}", move))
    return "\n".join([*headed(rows, screen), *meanings(found.scenario, [each.number for each in loud], screen)])


def _thresholds(found: Hindcast, screen: Screen) -> str:
    """The thresholds that change the answer most, and whether any claim changes sides."""
    usual = found.scored.mean(found.scenario.name)[0]
    ranked = sorted(found.thresholds, key=lambda each: -abs(each.mean_log - usual))
    how = "With the disputed thresholds at either end of their ranges (each run anew on the same draws; usual mean"
    lines = [screen.paragraph(f"{how} log score {number(usual)}):")]
    for each in ranked[:MOST_THRESHOLDS]:
        usually = f"(usually {each.usual:g})"
        lines.append(f"  {each.threshold} at {each.value:g} {usually}: mean log score {number(each.mean_log)}")
    lines.append(screen.paragraph(turned(found)))
    return "\n".join(lines)


def turned(found: Hindcast) -> str:
    """Which claims that stand out change sides (Bayes factor across 1) under some threshold."""
    usual = {each.claim: each for each in found.posterior.loud}
    turns = [
        f"{claim} ({one.threshold} at {one.value:g}: {one.factors[claim]:.2f} instead of {each.factor:.2f})"
        for claim, each in usual.items()
        for one in found.thresholds
        if claim in one.factors and (one.factors[claim] > 1) != (each.factor > 1)
    ]
    if not usual:
        return "No claim stands out, so none changes sides."
    if turns:
        return f"Claims that change sides with a threshold: {'; '.join(turns)}."
    spans = []
    for claim in list(usual)[:3]:
        factors = [one.factors[claim] for one in found.thresholds if claim in one.factors]
        spans.append(f"{claim} between {min(factors):.2f} and {max(factors):.2f}")
    return f"No claim that stands out changes sides; the Bayes factors of the first: {'; '.join(spans)}."


def hindcast_document(found: Hindcast) -> dict[str, Any]:
    """Labels, scores by forecast and date, claims and numbers before and after, thresholds."""
    post, scored, left = found.posterior, found.scored, found.one_out
    some = scored.forecasts if len(scored.floored) < len(scored.labels) else ()  # with a mean without the floored dates
    return {
        "scenario": found.scenario.name,
        "record": found.record.name,
        "sentence": sentence(found),
        "what_it_can_show": can_show(found),
        "labels": [fields(each, "month date label=classes justification disputed") for each in scored.labels],
        "scores": [_score_data(each, scored.outcomes) for each in scored.scores],
        "means": {name: dict(zip(MEANS, scored.mean(name), strict=True)) for name in scored.forecasts},
        "floored_months": list(scored.floored),
        "mean_log_without_floored": {name: scored.mean(name, scored.floored)[0] for name in some} if some else None,
        "beaten_by_persistence_at": list(scored.beats(PERSISTENCE, found.scenario.name)),
        "floors": {"label": found.record.label_floor, "forecast": found.record.forecast_floor},
        "weighted_on_months": list(post.months),
        "worlds": post.worlds,
        "effective_worlds": post.effective,
        "claims": [fields(each, CLAIM) for each in post.claims],
        "other_weighings": [fields(each, "power floor posteriors") for each in found.weighings],
        "numbers": [fields(each, NUMBER) for each in post.numbers],
        "leave_out": None if left is None else {
            **fields(left, "month gain gain_se effective_worlds=effective"),
            "scores": [_score_data(each, left.outcomes) for each in left.scores],
        },
        "thresholds": [
            fields(each, "threshold value usual mean_log log_by_month=logs bayes_factors=factors")
            for each in found.thresholds
        ],
        "threshold_verdict": turned(found) if found.thresholds else None,
        "not_a_forecast": NOT_A_FORECAST,
    }  # fmt: skip


def _score_data(each: Score, outcomes: tuple[str, ...]) -> dict[str, Any]:
    probabilities = dict(zip(outcomes, each.probabilities, strict=True))
    return fields(each, SCORE) | {"probabilities": probabilities}


def hindcast_csv(found: Hindcast) -> bytes:
    """Scores, then claims, then numbers; the first column says which."""
    header = ("kind", "name", "month", "before", "after", "bayes_factor", "log_se_or_se", "log_score", "brier",
              "brier_binary", "rps")  # fmt: skip
    none, first, post = (None,) * 4, found.scenario.first_month, found.posterior
    return table(header, [
        *(("score", each.forecast, month_name(each.month, first), *none, each.log, each.brier, each.binary, each.ranked)
          for each in found.scored.scores),
        *(("claim", c.claim, None, c.prior, c.posterior, c.factor, c.log_se, *none) for c in post.claims),
        *(("number", n.number, None, n.prior, n.posterior, None, n.se, *none) for n in post.numbers),
    ])  # fmt: skip
