"""The core: who is registered, what she is entitled to, what was paid. A port here; SQL or HTTP behind it."""
