"""Changes that change no figure, and messages made by a rule: read the same, pasted and as replies, none wrong."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from changed_messages import JOINS, Message, changes, figures, joined, pasted, read_exactly, replied
from made_messages import made

from reporting.figures.catalogue import Indicator

Way = Callable[[Message], Iterator[Sequence[Indicator]]]
SAMPLE, JOINED, MADE = 130, 400, 440  # the share of 250 pairs wavers by half a point with the rows there are
EXACT = {"without marks": 95.0}  # of a hundred; all other changes EXACT_MOST
EXACT_MOST, EXACT_MADE = 98.0, 95.0
WAYS = pytest.mark.parametrize("way", [pasted, replied], ids=["paste", "reply"])


def sample() -> Sequence[Message]:
    """Every so many of the messages, so that all files have a part in it."""
    everything = read_exactly()
    return everything[:: max(1, len(everything) // SAMPLE)]


@WAYS
@pytest.mark.parametrize("name", list(changes()))
def test_a_change_that_changes_no_figure_is_read_the_same(name: str, way: Way) -> None:
    change = changes()[name]
    found = figures([change(one) for one in sample()], way)
    assert found.wrong == []
    assert found.share >= EXACT.get(name, EXACT_MOST)


@WAYS
@pytest.mark.parametrize("separator", JOINS)
def test_two_messages_in_one_are_read_as_each_alone(separator: str, way: Way) -> None:
    found = figures(joined(separator, JOINED), way)
    assert found.wrong == []
    assert found.share >= EXACT_MOST


@WAYS
def test_messages_made_by_a_rule_are_read_as_they_were_made(way: Way) -> None:
    messages = [
        Message(one.text, "doan_co_so", one.expect, frozenset(one.expect) or frozenset({"cay_xanh"}))
        for one in made(20260330, MADE)
    ]
    found = figures(messages, way)
    assert found.wrong == []
    assert found.share >= EXACT_MADE


def test_there_are_messages_enough_to_change() -> None:
    assert len(read_exactly()) >= 350
