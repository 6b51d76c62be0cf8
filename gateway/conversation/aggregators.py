"""config/aggregators.yaml: what each aggregator lets through: page sizes, SMS segments, pace, callers' addresses, patience."""

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, model_validator

from gateway.conversation.gsm import Budget, Encoding


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Units(_Entry):
    """Units of a page: septets in GSM-7, UTF-16 units otherwise."""

    gsm7: int = Field(ge=20)
    ucs2: int = Field(ge=20)


class Segments(_Entry):
    """Units of a text sent alone, and of each segment of a longer one."""

    alone: int = Field(ge=20)
    each: int = Field(ge=20)


class SmsUnits(_Entry):
    gsm7: Segments
    ucs2: Segments


class Patience(_Entry):
    """How long its networks wait, in seconds: for a key, and for a whole session."""

    key: float = Field(gt=0)
    session: float = Field(gt=0)

    def silence(self, lasted: float) -> float:
        """The silence that ends a session of so many seconds: none is needed once its whole time is up."""
        return 0.0 if lasted >= self.session else self.key


class Aggregator(_Entry):
    """One aggregator.

    budget      the longest page we send; ceiling the longest the network can carry
    per_second  messages it takes from us in a second; batch recipients in one call
    allow_from  addresses or networks its callbacks come from; empty lets all in
    patience    None where it is not known: then nobody says whether a caller hung up or time ran out
    """

    budget: Units
    ceiling: Units
    sms: SmsUnits
    per_second: float = Field(gt=0)
    batch: int = Field(ge=1)
    allow_from: tuple[IPvAnyNetwork, ...] = ()
    patience: Patience | None = None

    @model_validator(mode="after")
    def _within(self) -> "Aggregator":
        if self.budget.gsm7 > self.ceiling.gsm7 or self.budget.ucs2 > self.ceiling.ucs2:
            raise ValueError("the budget is over the ceiling")
        return self

    @property
    def page(self) -> Budget:
        return Budget(self.budget.gsm7, self.budget.ucs2)

    @property
    def segment(self) -> dict[Encoding, tuple[int, int]]:
        """As `gsm.parts` takes it."""
        return {
            "gsm7": (self.sms.gsm7.alone, self.sms.gsm7.each),
            "ucs2": (self.sms.ucs2.alone, self.sms.ucs2.each),
        }
