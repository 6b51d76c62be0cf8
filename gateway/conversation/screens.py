"""The vocabulary of screens: five kinds, closed; whatever else a menu file says is a fault."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

ROOT = "common.home"
LANGUAGE = "language.choose"
RESUME = "resume.offer"
TROUBLE = "common.trouble"
TOO_MANY = "common.too_many"
BUSY = "common.busy"
ALWAYS = (ROOT, LANGUAGE, RESUME, TROUBLE, TOO_MANY, BUSY)
BY_SMS = "common.by_sms"
# Ends that a channel shows by itself, before there is a session: a book may leave them out, its gateway may not.
CLOSINGS = ("common.foreign", "common.not_ours", "common.unreadable")
# Ends on which she has not got what she asked for.
NO_ANSWER = frozenset({TROUBLE, TOO_MANY, BUSY, BY_SMS, *CLOSINGS})

PASS = "pass"  # noqa: S105 - a target, not a password
HOME = "home"

# A gate includes those before it: a PIN belongs to a person, and a person to a phone.
LADDER: dict[str | None, tuple[str, ...]] = {
    None: (),
    "phone": ("phone",),
    "person": ("phone", "person"),
    "pin": ("phone", "person", "pin"),
}

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$")]
Word = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Text = Annotated[str, Field(min_length=1)]
Target = Annotated[str, Field(pattern=r"^(pass|home|[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)$")]
Gate = Literal["phone", "person", "pin"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Option(_Part):
    """One line of a choice. Its number is its place."""

    label: Text
    to: Target


class Retry(_Part):
    """The same question again, with this reason on top; counted."""

    retry: Text


class _Screen(_Part):
    needs: Gate | None = Field(None, description="gate to be passed before this screen")
    sms: Text | None = Field(None, description="wording when the answer goes by SMS, instead of `text`")
    answers: bool | None = Field(
        None,
        description="whether she who leaves here has her answer, where that does not follow from its kind",
    )


class Choice(_Screen):
    """A menu."""

    kind: Literal["choice"]
    text: Text
    options: dict[Word, Option] = Field(min_length=1)


class Ask(_Screen):
    """A question whose answer is typed."""

    kind: Literal["ask"]
    text: Text
    check: Literal["cnic", "pin", "new_pin", "amount", "count", "text", "district", "reference"]
    secret: bool = Field(default=False, description="the answer is written nowhere")
    keep: Word | None = Field(None, description="name under which later verbs find the answer")
    to: Target | None = None
    do: Word | None = None
    then: dict[Word, Target | Retry] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> "Ask":
        if (self.do is None) == (self.to is None):
            raise ValueError("needs either `to` or `do` with `then`")
        if bool(self.then) != (self.do is not None):
            raise ValueError("`do` and `then` come together")
        if self.keep and (self.secret or self.check in {"cnic", "pin", "new_pin"}):
            raise ValueError("a secret or a CNIC is never kept")
        if self.check in {"pin", "new_pin"} and not self.secret:
            raise ValueError("a PIN is asked with `secret: true`")
        return self


class Show(_Screen):
    """A page to read (`text`), or a screen that shows nothing and goes where its verb's outcome says (`do`, `then`)."""

    kind: Literal["show"]
    text: Text | None = None
    do: Word | None = None
    then: dict[Word, Target] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> "Show":
        if (self.do is None) == (self.text is None):
            raise ValueError("needs either `text` or `do` with `then`")
        if bool(self.then) != (self.do is not None):
            raise ValueError("`do` and `then` come together")
        if self.do and self.sms:
            raise ValueError("shows nothing, so `sms` has no use")
        return self


class List(_Screen):
    """Rows that the verb before gave; numbered where `to` is given."""

    kind: Literal["list"]
    text: Text
    rows: Word = Field(alias="from")
    item: Text
    to: Target | None = None


class End(_Screen):
    """The last page: closes the session."""

    kind: Literal["end"]
    text: Text


Screen = Choice | Ask | Show | List | End
_SCREENS: TypeAdapter[dict[Name, Annotated[Screen, Field(discriminator="kind")]]] = TypeAdapter(
    dict[Name, Annotated[Screen, Field(discriminator="kind")]]
)
_ONE: TypeAdapter[Screen] = TypeAdapter(Annotated[Screen, Field(discriminator="kind")])
_NAME: TypeAdapter[str] = TypeAdapter(Name)


def parse(name: str, raw: Any) -> Screen:
    """One screen from what the YAML says. Raises pydantic.ValidationError."""
    _NAME.validate_python(name)
    return _ONE.validate_python(raw)


def schema() -> dict[str, Any]:
    """JSON Schema of a menu file, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Screens",
    } | _SCREENS.json_schema()


def passes_through(screen: Screen) -> bool:
    """Whether the screen shows nothing itself."""
    return isinstance(screen, Show) and screen.do is not None


def is_threshold(name: str) -> bool:
    """Screens between a wish and its page (gates, language, resume): never on the way back."""
    return name.startswith(("gate.", "language.", "resume."))
