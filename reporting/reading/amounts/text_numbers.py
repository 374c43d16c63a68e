"""A text in; its numbers out, each with what its place says of it before any name is given to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reporting.figures.catalogue import Level
from reporting.numbers.quantities import placed_quantities
from reporting.numbers.quantity import Placed
from reporting.reading.amounts.announced import with_headed_units
from reporting.reading.amounts.averages import without_averages
from reporting.reading.amounts.breakdowns import without_breakdowns
from reporting.reading.amounts.corrected import with_corrections
from reporting.reading.amounts.joint import with_own_parts
from reporting.reading.amounts.monthly import by_the_month
from reporting.reading.amounts.naming import naming_what
from reporting.reading.amounts.session_pairs import with_session_pairs
from reporting.reading.amounts.tables import Table, by_columns
from reporting.reading.found.mentions import Labels, Mention
from reporting.reading.found.names import TextNames
from reporting.text.words import Token


@dataclass(frozen=True, slots=True)
class TextNumbers:
    """The numbers of one text and the names of indicators among them.

    placed: those that may count something. naming: those that only name something. rates: of figures that stand beside
    them, with the clauses they fill. old: figures that were corrected, with the words of the correction; amended: where
    the new ones begin, which stand in their places. own: where the parts of this unit begin in what was done together.
    level: of who writes.
    """

    tokens: Sequence[Token]
    placed: Sequence[Placed]
    mentions: Sequence[Mention]
    table: Table
    naming: Sequence[Placed]
    rates: Sequence[Placed]
    old: Sequence[Placed]
    amended: frozenset[int]
    own: frozenset[int]
    level: Level


def numbers_of(text: str, tokens: Sequence[Token], labels: Labels, level: Level, months: int) -> TextNumbers:
    """The figures of a text; months: of the period, 0 where not known."""
    table = by_columns(tokens, placed_quantities(text, tokens), labels)
    found, old, amended = with_corrections(tokens, table.placed)
    found = by_the_month(text, tokens, found, months)
    found, own = with_own_parts(text, tokens, found, labels.catalogue.plain_words, level)
    names = TextNames(labels, tokens, level)
    mentions = names.among(found)
    paired = with_session_pairs(text, tokens, found, mentions, labels)
    if len(paired) > len(found):
        found, mentions = paired, names.among(paired)
    found, rates = without_averages(tokens, found, mentions)
    if rates:
        mentions = names.among(found)
    naming = naming_what(tokens, found, mentions)
    placed = with_headed_units(tokens, [one for one in found if one not in naming])
    if placed != found:
        mentions = names.among(placed)
    whole = without_breakdowns(tokens, placed, mentions, level)
    if whole != placed:
        placed, mentions = whole, names.among(whole)
    return TextNumbers(tokens, placed, mentions, table, naming, rates, old, amended, own, level)
