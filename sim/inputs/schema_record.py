"""What a case tells beside its scenarios: what happened.

The descriptions become the explanations that an editor shows.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.inputs.schema_types import MOST_MONTHS, Date, Part, Share, Slug, Text, refuse


class FloorsGiven(Part):
    """The least that a probability counts."""

    label: Share = Field(description="Least probability of a class in a label, when worlds are weighted.")
    forecast: Share = Field(description="Least probability of a forecast in the log score.")


class LabelGiven(Part):
    """How the world would be classed after a month."""

    month: int = Field(ge=0, le=MOST_MONTHS, description="The month of the model, counted from 0.")
    date: Date = Field(description="The day that was coded.")
    label: dict[Slug, Share] = Field(description="Class: probability; they add to 1.", min_length=1)
    justification: Text = Field(description="What speaks for the label.")
    disputed: Text = Field(description="How disputed it is, and by whom.")

    @model_validator(mode="after")
    def _whole(self) -> LabelGiven:
        if abs(sum(self.label.values()) - 1) > 1e-6:
            raise refuse("probabilities of the classes that add to 1")
        return self


class FactGiven(Part):
    """Something that happened."""

    date: Date = Field(description="When.")
    category: Slug = Field(description="What kind of thing it was.")
    fact: Text = Field(description="What happened, in one line.")
    source: Text = Field(description="Address of the page it was found on.")
    note: str = Field("", description="What is uncertain about it.")


class RecordFile(Part):
    """What happened, and how it would be classed."""

    schema_version: Literal[1] = Field(alias="schema", description="Version of this format: 1.")
    title: Text = Field(description="What the record is about.")
    scenario: Slug = Field(description="The scenario that follows the calendar that happened.")
    note: str = Field("", description="What a reader should know.")
    floors: FloorsGiven = Field(description="The least that a probability counts.")
    labels: list[LabelGiven] = Field(description="How the world would be classed, by month.", min_length=1)
    facts: list[FactGiven] = Field(default=[], description="What happened, by date.")
