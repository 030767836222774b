"""Random public ids: 120 bits in 24 letters and digits, so that counting never leads to anybody's record."""

import secrets

# Crockford's alphabet without vowels that could spell words; read aloud and typed without confusion.
ALPHABET = "0123456789bcdfghjkmnpqrstvwxyz"


def new_public_id() -> str:
    """24 characters, about 117 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(24))
