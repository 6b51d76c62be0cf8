"""config/languages.yaml: which languages there are, and how figures and days are written in each."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Code = Annotated[str, Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?$")]


class LanguageEntry(BaseModel):
    """One language.

    name        its own name as the language menu shows it, so in GSM-7 for every phone
    reviewed    `native` a reader of it has checked every text; `house` its authors wrote and read it, nobody else has;
                `no` neither, so callers are offered it only if GATEWAY_OFFER_UNREVIEWED says so
    script      `gsm7` every text fits the phone's own alphabet, checked; `ucs2` it cannot
    also        other words that people ask for it by, in any script
    fallback    language that lends a missing text; the source language lends what that one lacks
    money       `{amount}` in it is the figure
    months      Babel locale of the month names; figures are 0-9 everywhere
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(min_length=1, max_length=16)
    reviewed: Literal["native", "house", "no"]
    script: Literal["gsm7", "ucs2"]
    also: tuple[str, ...] = ()
    fallback: Code | None = None
    money: str = "Rs {amount}"
    months: str = "en"
    direction: Literal["ltr", "rtl"] = "ltr"


class LanguageList(BaseModel):
    """The whole file. source is the language that the menus are written in; default the one callers begin in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: Code
    default: Code
    languages: dict[Code, LanguageEntry]

    @model_validator(mode="after")
    def _consistent(self) -> "LanguageList":
        for role, code in (("source", self.source), ("default", self.default)):
            if code not in self.languages:
                raise ValueError(f"the {role} language {code} is not listed")
        for code, entry in self.languages.items():
            if entry.fallback is not None and entry.fallback not in self.languages:
                raise ValueError(f"{code}: its fallback {entry.fallback} is not listed")
            if "{amount}" not in entry.money:
                raise ValueError(f"{code}: `money` lacks {{amount}}")
        return self

    def chain(self, code: str) -> list[str]:
        """The language, then those that lend it what it lacks, the source last."""
        chain = [code]
        while (lender := self.languages[chain[-1]].fallback) and lender not in chain:
            chain.append(lender)
        return chain if self.source in chain else [*chain, self.source]
