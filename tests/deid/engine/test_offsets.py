"""The way between two texts that differ in some parts."""

from hypothesis import given
from hypothesis import strategies as st

from deid.engine.offsets import Place, moved

pieces = st.lists(st.tuples(*[st.text(min_size=1, max_size=4)] * 3), max_size=5)


def joined(found: list[tuple[str, str]]) -> tuple[str, list[Place]]:
    """The text of gaps and parts in turn, and where the parts are in it."""
    text, parts = "", []
    for gap, part in found:
        text += gap
        parts.append((len(text), len(text) + len(part)))
        text += part
    return text, parts


@given(pieces)
def test_what_is_outside_of_the_parts_is_the_same_character_in_both(
    found: list[tuple[str, str, str]],
) -> None:
    one, here = joined([(gap, part) for gap, part, _ in found])
    other, there = joined([(gap, part) for gap, _, part in found])
    inside = {i for start, end in here for i in range(start, end)}
    for offset in set(range(len(one))) - inside:
        assert other[moved(offset, here, there)] == one[offset]


@given(pieces)
def test_a_part_leads_to_its_counterpart(found: list[tuple[str, str, str]]) -> None:
    _, here = joined([(gap, part) for gap, part, _ in found])
    _, there = joined([(gap, part) for gap, _, part in found])
    for (start, end), place in zip(here, there, strict=True):
        assert (moved(start, here, there), moved(end, here, there)) == place
        for within in range(start + 1, end):
            assert moved(within, here, there) == place[0]
            assert moved(within, here, there, at_end=True) == place[1]
