"""Writing a fake in the case of the original."""


def cased(fake: str, original: str) -> str:
    """``Marsh`` as ``MARSH`` for ``OKAFOR``, as ``marsh`` for ``okafor``, else as it stands."""
    letters = [c for c in original if c.isalpha()]
    if len(letters) > 1 and all(c.isupper() for c in letters):
        return fake.upper()
    if letters and all(c.islower() for c in letters):
        return fake.lower()
    return fake


def near_in_length(options: list[str], length: int, enough: int) -> list[str]:
    """The options that are about as long, at least ``enough`` of them where there are."""
    for slack in range(1, 30):
        found = [o for o in options if abs(len(o) - length) <= slack]
        if len(found) >= min(enough, len(options)):
            return found
    return options
