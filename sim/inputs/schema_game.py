"""A game file as written: who chooses among which strategies, each a patch of one scenario, or plain payoffs."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from sim.inputs.schema_scenario import Assume, BehaviourName, EventGiven, SummitGiven
from sim.inputs.schema_types import Name, NotNegative, Number, Part, Slug, Text, refuse

MOST_STRATEGIES = 12


class StrategyGiven(Part):
    """A choice, encoded as what it changes in the scenario."""

    says: str = Field("", description="The choice in words.")
    summits: list[SummitGiven] | None = Field(None, description="The calendar of summits, in place of the scenario's.")
    drop_events: list[str] = Field(default=[], description="Variables whose events in the scenario are removed.")
    events: list[EventGiven] = Field(default=[], description="Events added to the scenario's.")
    assume: Assume | None = Field(None, description="What is assumed otherwise.")
    behaviour: dict[Name, BehaviourName] = Field(default={}, description="State: a rule in place of its own choices.")


class PlayerGiven(Part):
    """Who chooses. With simulated payoffs the player's name is a state of the case."""

    strategies: dict[Slug, StrategyGiven] = Field(
        description="Name: strategy.", min_length=1, max_length=MOST_STRATEGIES
    )


class FatalGiven(Part):
    """What the step that cannot be taken back costs."""

    cost: NotNegative = Field(description="Taken from every player's satisfaction in a run with a fatal step.")
    source: Text = Field(description="Where the number comes from: a paragraph, a reference or 'our assumption'.")


class PayoffGiven(Part):
    """What one profile of strategies gives to each player."""

    when: dict[Name, Slug] = Field(description="Player: strategy, one for every player.")
    gives: dict[Name, Number] = Field(description="Player: payoff.")


class GameFile(Part):
    """A game of Summitry: the choices of two or more states as strategies."""

    schema_version: Literal[1] = Field(alias="schema", description="Version of this format: 1.")
    title: Text = Field(description="A plain sentence.")
    question: Text = Field(description="A question that a class can argue about.")
    note: str = Field("", description="Anything a reader should know.")
    scenario: Text | None = Field(None, description="The scenario that the strategies are laid over.")
    players: dict[Name, PlayerGiven] = Field(description="Player: its strategies.", min_length=2, max_length=5)
    fatal: FatalGiven | None = Field(None, description="What a fatal step costs; needed with a scenario.")
    payoffs: list[PayoffGiven] | None = Field(None, description="Payoffs as numbers, in place of a scenario.")

    @model_validator(mode="after")
    def _one_source(self) -> GameFile:
        if (self.scenario is None) == (self.payoffs is None):
            raise refuse("either a scenario, whose profiles are simulated, or payoffs as numbers")
        if self.scenario is not None and self.fatal is None:
            raise refuse("with a scenario, what a fatal step costs: fatal: {cost: ..., source: ...}")
        return self
