"""Where what a rule begins with, or needs, stands in a text."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from deid.engine.anchors import Heads, fold
from deid.engine.words import TextWords

#: Reads one kind of place off a text.
_Source = Callable[[TextWords], Sequence[int]]


class Places:
    """Where one of some heads stands in a text, in order.

    ``tested``: the words that can begin a match are in the slot, and no others count.
    ``shaped``: the same for runs of digits.
    """

    def __init__(
        self, heads: Heads, slot: int, *, tested: bool = False, shaped: bool = False
    ) -> None:
        self.heads, self.slot = heads, slot
        self.by_letter = heads.letter and not tested
        self.by_capital = heads.capital and not heads.letter and not tested
        self.by_shape = shaped and heads.digit and not heads.inner_digit
        self.parts = _without_longer([*heads.inner, *map(fold, heads.marks)])
        self.by_word = bool(heads.words) or tested
        self._sources = list(self._read())

    def _read(self) -> Iterator[_Source]:
        heads, slot = self.heads, self.slot
        if self.by_word:
            yield lambda words: words.slots.get(slot, ())
        if self.by_letter:
            yield lambda words: words.starts
        elif self.by_capital:
            yield lambda words: words.capitals
        if heads.digit_run:
            yield lambda words: words.digit_runs(heads.digit_run)
        elif self.by_shape:
            yield lambda words: words.digit_slots.get(slot, ())
        elif heads.digit:
            yield lambda words: words.all_digits if heads.inner_digit else words.digits
        if heads.digits_after:
            yield _digits_after(tuple(heads.digits_after))
        yield from map(_part, self.parts)
        yield from map(_behind, heads.behind)

    def of(self, words: TextWords) -> Sequence[int]:
        """The places in this text."""
        if len(self._sources) == 1:
            return self._sources[0](words)
        lists = [found for source in self._sources if (found := source(words))]
        if len(lists) < 2:
            return lists[0] if lists else ()
        return sorted(set().union(*lists))


def _without_longer(parts: Iterable[str]) -> list[str]:
    """The parts that do not begin with another of them, which stands wherever they stand."""
    kept: list[str] = []
    for part in sorted(set(parts)):
        if not kept or not part.startswith(kept[-1]):
            kept.append(part)
    return kept


def _part(part: str) -> _Source:
    return lambda words: words.places(part)


def _behind(string: str) -> _Source:
    return lambda words: [at + len(string) for at in words.places(fold(string))]


def _digits_after(strings: tuple[str, ...]) -> _Source:
    def places(words: TextWords) -> list[int]:
        ends = words.folded.endswith
        return [at for at in words.digits if ends(strings, 0, at)]

    return places
