"""SMS: every one is a row before it is sent, and every one that came in is answered once."""
