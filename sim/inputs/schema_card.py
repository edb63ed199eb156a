"""The form of a source card: a published text, its claims in our words, the place of each, and two codings.

An editor shows the descriptions (`card.schema.json`).
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from sim.inputs.months import Date
from sim.inputs.schema_types import (
    FILE,
    WEB,
    ClaimName,
    MechanismName,
    Number,
    Part,
    Phrase,
    Present,
    Refers,
    Share,
    Slug,
    StateName,
    Switch,
    Text,
    UnitRange,
    Version,
    WeightRange,
    refuse,
)

CouplingKey: TypeAlias = Annotated[Text, Refers("parameter, ideal.STATE.ISSUE or salience.STATE.ISSUE")]
Sign: TypeAlias = Literal["+", "-"]


class Document(Part):
    id: Slug = Field(description="Name of the document: outlet and year.")
    title: Text = Field(description="Its title.")
    author: Text = Field(description="Who wrote it.")
    outlet: Text = Field(description="Where it appeared.")
    date: Date = Field(description="When it appeared: 2018-03-29.")
    date_note: str | None = Field(None, description="What is uncertain about the date.")
    kind: str | None = Field(None, description="Op-ed, forum thread, blog post and so on.")
    voice: str | None = Field(None, description="Who is speaking, and from where.")
    url: Annotated[Text, StringConstraints(pattern=WEB)] | None = Field(
        None, description="Where a reader finds it; none where no address is known."
    )
    file: Annotated[Text, StringConstraints(pattern=FILE)] = Field(
        description="Name of the text file in the folder of documents."
    )

    @property
    def found_at(self) -> str:
        """Where a reader finds it, in words."""
        return self.url or "no address known: search for the title and author"


class WhereGiven(Part):
    """A cited paragraph."""

    document: Annotated[Slug, Refers("document")] = Field(description="Id of the document.")
    paragraph: int = Field(ge=1, description="Lines with a non-blank character, counted from 1.")
    sha256: Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")] | None = Field(
        None,
        description="SHA-256 of the paragraph: NFC, white space collapsed and stripped. A citation without it was "
        "never held against the text, and is marked as not verified.",
    )
    phrase: Phrase | None = Field(None, description="At most six words of the passage, verbatim.")
    article_paragraph: int | None = Field(
        None,
        ge=1,
        description="The paragraph as a reader of the page counts it: those of the article's own text, without title, "
        "standfirst, byline, captions and what the site puts in between.",
    )

    @property
    def in_words(self) -> str:
        """`document p52 (paragraph 8 of the article)`"""
        of_article = f" (paragraph {self.article_paragraph} of the article)" if self.article_paragraph else ""
        return f"{self.document} p{self.paragraph}{of_article}{'' if self.sha256 else ' (not verified)'}"


class OwnEffect(Part):
    """A push on the leverage of one state on another, in a class's own coding."""

    holder: StateName = Field(description="The state whose leverage it is.")
    target: StateName = Field(description="The state it is held over.")
    sign: Sign = Field(description="'+' feeds the leverage, '-' cuts it.")
    share: Share | None = Field(None, description="How much of the claim's strength bears on it, 0 to 1.")


class EffectGiven(OwnEffect):
    """A push on the leverage of one state on another."""

    coded_by: Literal["both", "first", "second"] = Field(description="Which coding has it.")


class CouplingGiven(Part):
    """What else differs in worlds where the claim does not hold. Exactly one of set, times and add."""

    key: CouplingKey = Field(description="A parameter, ideal.STATE.ISSUE or salience.STATE.ISSUE.")
    set: Number | None = Field(None, description="The value it takes; a number of the engine stays in its range.")
    times: Number | None = Field(None, description="What it is multiplied by.")
    add: Number | None = Field(None, description="What is added to it.")
    basis: str | None = Field(None, description="What in the documents speaks for it.")

    @model_validator(mode="after")
    def _one_operation(self) -> CouplingGiven:
        if sum(value is not None for value in (self.set, self.times, self.add)) != 1:
            raise refuse("exactly one of set, times and add")
        return self


class Coding(Part):
    """One coder's reading of a claim."""

    mechanism: MechanismName = Field(description="The way in which the claim gives leverage.")
    weight: WeightRange = Field(description="How much the claim matters if it holds: {low, mode, high}.")
    why_weight: str | None = Field(None, description="What in the text speaks for the weight.")
    credence: Share = Field(description="Probability that the claim holds, 0 to 1.")
    why_credence: str | None = Field(None, description="What in the text speaks for the credence.")
    attacks: list[ClaimName] = Field(default=[], description="Claims that it weakens.")
    supports: list[ClaimName] = Field(default=[], description="Claims that it strengthens.")
    why: str | None = Field(None, description="What in the text speaks for the numbers.")
    doubt: str | None = Field(None, description="What this coder doubts about the claim as worded.")


class Codings(Part):
    first: Coding = Field(description="The first coding.")
    second: Coding | None = Field(
        None,
        description="The second coding, made without sight of the first, which stands alone until there is one.",
    )

    @property
    def given(self) -> list[Coding]:
        """The codings that there are."""
        return [self.first] if self.second is None else [self.first, self.second]


class Rival(Part):
    claim: ClaimName = Field(description="The rival claim.")
    issue: Text = Field(description="What the two disagree on.")


class ClaimGiven(Part):
    """A claim of the document about leverage."""

    id: Slug = Field(description="Its name.")
    claim: Text = Field(description="One sentence, in our words.")
    where: list[WhereGiven] = Field(min_length=1, description="The paragraphs it rests on.")
    group: Slug = Field(description="The cause it restates: claims of one group hold or fail together.")
    tier: Literal["core", "supporting", "meta", "colour"] | None = Field(
        None,
        description="core: feeds a leverage; supporting: acts through other claims; meta: a rule of the model; "
        "colour: no effect is claimed.",
    )
    why_colour: Text | None = Field(None, description="Why no effect is claimed, where the tier is colour.")
    observable: Annotated[Text, Refers("measure, level or ending")] | None = Field(
        None, description="What its paragraph speaks of: a measure, level, leverage, promise, meeting or ending."
    )
    active_when: str = Field("", description="When the claim is to the point, in words.")
    active: Present = Field(description="The same as an expression between 0 and 1.")
    analyst_inference: bool = Field(False, description="The effects are inferred rather than stated.")
    effects: list[EffectGiven] = Field(default=[], description="The leverage it feeds or cuts.")
    shares_off: str | Switch | None = Field(None, description="Why its effects are left out, where they are.")
    fails: list[CouplingGiven] = Field(default=[], description="What else differs where the claim does not hold.")
    rivals: list[Rival] = Field(default=[], description="Claims that say otherwise.")
    note: str | None = Field(None, description="Anything a reader should know.")
    changed: str | None = Field(None, description="What was put right after the codings.")
    codings: Codings = Field(description="The two codings.")


class CardFile(Part):
    """A source card of Summitry."""

    schema_version: Version = Field(alias="schema", description="Version of this format: 1.")
    document: Document = Field(description="The published text.")
    claims: list[ClaimGiven] = Field(description="Its claims about leverage.")


class OwnCoding(Part):
    """A class's own reading of a claim; what it leaves out stays pooled."""

    weight: UnitRange | None = Field(
        None, description="How much the claim matters if it holds: a number or {low, mode, high}."
    )
    credence: Share | None = Field(None, description="Probability that the claim holds, 0 to 1.")
    mechanism: MechanismName | None = Field(None, description="The way in which the claim gives leverage.")
    effects: list[OwnEffect] | None = Field(None, description="The leverage it feeds or cuts.")
    attacks: list[ClaimName] | None = Field(None, description="Claims that it weakens.")
    supports: list[ClaimName] | None = Field(None, description="Claims that it strengthens.")
    why: str | None = Field(None, description="What in the text speaks for the numbers.")
    doubt: str | None = Field(None, description="What this coder doubts about the claim as worded.")
    coder: str | None = Field(None, description="Who coded it.")


OWN_CODINGS: TypeAdapter[dict[str, OwnCoding]] = TypeAdapter(dict[ClaimName, OwnCoding])
