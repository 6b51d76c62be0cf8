"""The verbs that a screen may `do:`, one file a subject. `registry.REGISTRY` declares them, `perform.Performer` runs them."""
