"""Telephone and fax numbers, addresses of e-mail, web and network.

All lie in ranges that nobody has: 555-0100 to 555-0199 (North American Numbering Plan), the names
``example`` and ``invalid`` (RFC 2606), and the documentation networks (RFC 5737, RFC 3849).
"""

import ipaddress
import re
from collections.abc import Callable

from deid.engine.normalize import folded
from deid.engine.surrogates.codes import CodeSurrogates
from deid.engine.surrogates.originals import Originals, squeezed
from deid.engine.surrogates.stream import Stream

_EXTENSION = re.compile(r"(?:\bext(?:ension)?\.?|\bx|#)\s*\d+\W*$", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
_IPV4 = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_IPV6 = re.compile(r"[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7}")
_TRIES = 200


class ContactSurrogates:
    """Fake telephone numbers and addresses of one patient."""

    def __init__(self, key: bytes, originals: Originals, codes: CodeSurrogates) -> None:
        self._stream = Stream(key, "contacts")
        self._originals, self._codes = originals, codes
        self._of: dict[tuple[str, str], str] = {}
        self._used: set[str] = set()

    def phone(self, surface: str) -> str | None:
        """The number in its written form; an extension, pager or short number by shape alone."""
        extension = _EXTENSION.search(surface)
        head = surface[: extension.start()] if extension else surface
        tail = surface[extension.start() :] if extension else ""
        # Capitals beside digits spell digits: 1-800-QUIT-NOW.
        spelled = any(c.isdigit() for c in head) and not any(c.islower() for c in head)
        places = [at for at, c in enumerate(head) if c.isdigit() or (spelled and c.isalpha())]
        if len(places) < 7:
            return self._codes.write(surface, "PHONE")
        code = folded("".join(head[p] for p in places))
        fake = self._area(code[:-7]) + self._line(code[-7:])
        out = list(head)
        for place, digit in zip(places, fake, strict=True):
            out[place] = digit
        return "".join(out) + _DIGITS.sub(lambda m: self._short(m.group()), tail)

    def _short(self, digits: str) -> str:
        """Digits of an extension; zeros where none can be drawn any more."""
        return self._codes.write(digits) or "0" * len(digits)

    def _line(self, line: str) -> str:
        return self._one("line", line, lambda: f"55501{self._stream.below(100):02}")

    def _area(self, code: str) -> str:
        """Area code of three digits, with the country's code before it as it stands."""
        country, area = code[:-3], code[-3:]
        if not area:
            return ""
        if len(area) < 3:
            return self._one("short area", area, lambda: str(self._stream.below(9) + 1) * len(area))
        return country + self._one("area", area, self._new_area)

    def _new_area(self) -> str:
        first, second = self._stream.below(8) + 2, self._stream.below(8)
        return f"{first}{second}{(second + 1 + self._stream.below(9)) % 10}"

    def email(self, surface: str) -> str:
        """``user4821@example.invalid``, with ``at`` and ``dot`` where the original has them."""
        user = self._one("email", squeezed(surface.removeprefix("mailto:")), self._new_user)
        start = "mailto:" if surface.lower().startswith("mailto:") else ""
        return (
            f"{start}{user}@example.invalid" if "@" in surface else f"{user} at example dot invalid"
        )

    def url(self, surface: str) -> str:
        """A site below ``example``; path and query never stay."""
        if surface.startswith("@"):
            return "@" + self._one("handle", squeezed(surface), self._new_user)
        parts = re.match(r"(?i)(?P<scheme>[a-z][a-z0-9+.-]*://)?(?P<www>www\.)?", surface)
        assert parts is not None
        rest = surface[parts.end() :]
        host = re.split(r"[/?#]", rest, maxsplit=1)[0]
        site = self._one("site", squeezed(host), lambda: f"site{self._stream.below(9000) + 1000}")
        path = self._one("path", folded(rest), lambda: f"/p{self._stream.below(9000) + 1000}")
        start = (parts["scheme"] or "") + (parts["www"] or "")
        return f"{start}{site}.example{path if len(rest) > len(host) + 1 else ''}"

    def ip(self, surface: str) -> str | None:
        """An address of the documentation networks; what is behind the address stays."""
        for pattern, draw in ((_IPV4, self._new_ipv4), (_IPV6, self._new_ipv6)):
            match = pattern.search(surface)
            if match and _is_address(match.group()):
                fake = self._one("ip", folded(match.group()), draw)
                return surface[: match.start()] + fake + surface[match.end() :]
        return None

    def _new_ipv4(self) -> str:
        return f"{self._stream.choice(_NETWORKS)}.{self._stream.below(254) + 1}"

    def _new_ipv6(self) -> str:
        return f"2001:db8::{self._stream.below(0xFFFE) + 1:x}"

    def _new_user(self) -> str:
        return f"user{self._stream.below(9000) + 1000}"

    def _one(self, kind: str, original: str, draw: Callable[[], str]) -> str:
        """The fake of this original; a new one is none of the patient's and, while there are
        enough of them, nobody else's."""
        found = self._of.get((kind, original))
        if found is None:
            for attempt in range(_TRIES):
                found = str(draw())
                taken = f"{kind}:{found}" in self._used and attempt < _TRIES // 2
                if not taken and found != original and not self._originals.has(found):
                    break
            assert found is not None
            self._of[kind, original] = found
            self._used.add(f"{kind}:{found}")
        return found


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
