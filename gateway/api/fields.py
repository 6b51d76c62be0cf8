"""What the schemas are made of: closed objects, texts of a form, days and instants that a database can hold."""

import re
from datetime import datetime
from typing import Any

from apiflask import Schema
from apiflask.fields import AwareDateTime, Integer, String
from marshmallow import RAISE, ValidationError, validate

from gateway import clock

PHONE = r"^\+[1-9][0-9]{7,14}$"
CODE = r"^[a-z0-9][a-z0-9_.-]{0,39}$"


class Closed(Schema):
    """Takes what it names and nothing else."""

    class Meta:
        unknown = RAISE


class Form(validate.Regexp):
    """The whole text: `$` alone would let a line break after it pass."""

    def __call__(self, value: Any) -> Any:
        if not re.fullmatch(self.regex, value):
            raise ValidationError("does not have the form")
        return value


class Shown(validate.Length):
    """A text of a bounded length, all of which can be shown."""

    def __call__(self, value: Any) -> Any:
        if not value.isprintable():
            raise ValidationError("holds a character that cannot be shown")
        return super().__call__(value)


def formed(pattern: str, **more: Any) -> String:
    return String(validate=Form(pattern), **more)


def code(**more: Any) -> String:
    return formed(CODE, **more)


class Paged(Closed):
    """The query of a list."""

    limit = Integer(
        load_default=50, validate=validate.Range(1, 200), metadata={"description": "most entries"}
    )
    cursor = formed(
        r"^[A-Za-z0-9_-]{1,400}$", metadata={"description": "`next` of the page before: go on after it"}
    )


def _in_reach(value: datetime) -> None:
    if not 2000 <= value.year <= 2200:
        raise ValidationError("is too far away")


def instant(description: str) -> AwareDateTime:
    return AwareDateTime(
        default_timezone=clock.now().tzinfo, validate=_in_reach, metadata={"description": description}
    )
