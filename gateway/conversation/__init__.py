"""The conversation: screens, the machine they form, and one turn of it. Pure: no network, no store, no clock of its own."""
