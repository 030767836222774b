"""Names of tables and booths as organisers write them: "A01–F10" means A01 … A10, B01 … B10, … F10."""

import re

MAX_NAMES = 2000

_RANGE = re.compile(
    r"^(?P<l1>[A-Za-z]?)(?P<n1>\d{1,4})\s*(?:[-–—~～至到]|bis|to)\s*(?P<l2>[A-Za-z]?)(?P<n2>\d{1,4})$"
)


class NotARange(ValueError):
    """A part of the text that names no tables; `part` is what was written."""

    def __init__(self, part: str) -> None:
        self.part = part
        super().__init__(part)


def parse_names(text: str) -> list[str]:
    """The names in order, each once. Raises NotARange with the part that is not understood or is too long."""
    names: list[str] = []
    for raw in re.split(r"[,;，、；\n]+", text):
        part = raw.strip()
        if part:
            names.extend(_expand(part))
        if len(names) > MAX_NAMES:
            raise NotARange(part)
    return list(dict.fromkeys(names))


def format_names(names: list[str]) -> str:
    """The reverse, with ranges where names follow each other; "A01–A10, B01–B04"."""
    parts: list[str] = []
    start = 0
    for end in range(1, len(names) + 1):
        if end < len(names) and names[end] == _next(names[end - 1]):
            continue
        run = names[start:end]
        parts.extend([f"{run[0]}–{run[-1]}"] if len(run) > 2 else run)
        start = end
    return ", ".join(parts)


def _expand(part: str) -> list[str]:
    found = _RANGE.match(part)
    if found is None:
        if len(part) > 20:
            raise NotARange(part)
        return [part]
    first, last = found["l1"].upper(), (found["l2"] or found["l1"]).upper()
    low, high = int(found["n1"]), int(found["n2"])
    if bool(first) != bool(last) or first > last or low > high:
        raise NotARange(part)
    letters = [""] if not first else [chr(code) for code in range(ord(first), ord(last) + 1)]
    if len(letters) * (high - low + 1) > MAX_NAMES:
        raise NotARange(part)
    width = len(found["n1"])
    return [f"{letter}{number:0{width}d}" for letter in letters for number in range(low, high + 1)]


def _next(name: str) -> str:
    found = re.match(r"^(.*?)(\d+)$", name)
    if found is None:
        return ""
    return f"{found[1]}{int(found[2]) + 1:0{len(found[2])}d}"
