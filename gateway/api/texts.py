"""Reviewed texts in requests: which there are, and the day that one of them names."""

from datetime import date
from typing import Any

from apiflask.fields import Date, String
from marshmallow import validate

from gateway.api.problems import unfit
from gateway.core.port import ReviewedText
from gateway.services import Services


def text_field(services: Services, **more: Any) -> String:
    return String(validate=validate.OneOf(services.by_hand.texts()), **more)


def day_field() -> Date:
    return Date(metadata={"description": "the day that the text names, today or later, where it names one"})


def reviewed(services: Services, name: str, day: date | None) -> ReviewedText:
    """The text of a request that fits its schema. Raises Problem for a day that does not fit the text."""
    try:
        return services.by_hand.chosen(name, day)
    except ValueError as error:
        raise unfit("day", str(error)) from None
