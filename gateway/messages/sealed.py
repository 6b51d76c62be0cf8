"""What opening a stored row may raise: its key was dropped, or the row is damaged. Such a row stops no other."""

from cryptography.exceptions import InvalidTag

# ValueError is what a damaged encoding raises (base64, UTF-8).
UNOPENABLE = (KeyError, InvalidTag, ValueError)
