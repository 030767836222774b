"""The whole vocabulary as one file of SKOS, made once and kept beside the compiled one: making it takes seconds."""

import hashlib
import os
from contextlib import suppress

from kontor.topics.analysis import compiled_file, vocabulary
from kontor.topics.skos import write_skos


def vocabulary_file(form: str, *, base: str) -> bytes:
    """The content for a form and an address; another vocabulary or address makes another file."""
    compiled = compiled_file()
    version = compiled.stem.removeprefix("vocabulary-")
    place = hashlib.blake2b(base.encode(), digest_size=4).hexdigest()
    stored = compiled.with_name(f"skos-{version}-{place}.{form}")
    with suppress(OSError):
        return stored.read_bytes()
    known = vocabulary()
    content = write_skos(known, known, form=form, base=base)
    with suppress(OSError):  # a read-only place only costs time
        stored.parent.mkdir(parents=True, exist_ok=True)
        partial = stored.with_name(f"{stored.name}.{os.getpid()}")
        partial.write_bytes(content)
        partial.replace(stored)
        for old in stored.parent.glob("skos-*"):
            if not old.name.startswith(f"skos-{version}-"):
                old.unlink(missing_ok=True)
    return content
