"""The key that makes a request one request, however often it is sent."""

from apiflask.fields import String

from gateway.api.fields import Closed, Form


class Keyed(Closed):
    key = String(
        data_key="Idempotency-Key",
        required=True,
        validate=Form(r"^[A-Za-z0-9._:-]{1,64}$"),
        metadata={"description": "yours, one for each thing you want done"},
    )
