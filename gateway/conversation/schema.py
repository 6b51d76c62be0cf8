"""menus/menu.schema.json: what editors complete and underline by."""

import json

from gateway.conversation.screens import schema


def menu_schema() -> str:
    """The file's whole text, the same each time."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"
