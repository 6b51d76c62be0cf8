"""The published description of the API: what every operation shares, put in once."""

from typing import Any

from gateway.api.problems import TYPE

CONFIG: dict[str, Any] = {
    "OPENAPI_VERSION": "3.1.0",
    "AUTO_404_RESPONSE": False,
    "AUTO_VALIDATION_ERROR_RESPONSE": False,
    "AUTO_AUTH_ERROR_RESPONSE": False,
    "AUTO_OPERATION_ID": True,
    "AUTO_SERVERS": False,
    "AUTO_TAGS": False,
    "SECURITY_SCHEMES": {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of `gateway staff token add`. Each operation names the scope it needs; the token's role must allow it too.",
        }
    },
    "DESCRIPTION": "Payment events in; messages, cases and sessions for other systems. Phones are masked, and no CNIC or name is told.",
    "TAGS": [{"name": name} for name in ("payments", "messages", "cases", "sessions")],
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "faults"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "field", "what"],
                "additionalProperties": False,
                "properties": {
                    "index": {"type": ["integer", "null"], "description": "place in the batch, from 0"},
                    "field": {"type": "string"},
                    "what": {"type": "string"},
                },
            },
        },
    },
}

_EVERYWHERE = {
    "400": "It cannot be read",
    "401": "No token, or one that does not hold; for payment events also a signature that does not",
    "403": "The token's scopes or role do not allow it",
    "422": "It does not fit: each fault with its field, nothing was done",
    "429": "The token asks too often; Retry-After says when to ask again",
    "500": "Something broke",
    "503": "Not now: send it again",
}
_OF_ONE = {"404": "There is none, or none that this token may see"}
_OF_A_BODY = {"409": "It contradicts what is there, nothing was done", "413": "The body is too large"}
_ETAG = {"ETag": {"schema": {"type": "string"}, "description": "give it as If-None-Match when asking again"}}


def complete(spec: dict[str, Any]) -> dict[str, Any]:
    """Add every refusal to every operation, and what single reads answer where nothing changed."""
    spec.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    for path, operations in spec["paths"].items():
        single = "{" in path
        for method, operation in operations.items():
            if method not in {"get", "post"}:
                continue
            told = _EVERYWHERE | (_OF_ONE if single else {}) | (_OF_A_BODY if method == "post" else {})
            for status, description in told.items():
                operation["responses"][status] = {
                    "description": description,
                    "content": {TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            if single and method == "get":
                operation["responses"]["200"]["headers"] = _ETAG
                operation["responses"]["304"] = {"description": "As it was", "headers": _ETAG}
    return spec
