"""Rows copied from Excel or Word: which column holds the result, and the unit that stands in its own cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reporting.numbers.quantity import Placed
from reporting.numbers.units import ATTENDANCE, MILLIONS, UNITS, family_of
from reporting.reading.amounts.announced import ANNOUNCED, canonical, converted
from reporting.reading.amounts.monthly import is_month
from reporting.reading.found.mentions import Labels
from reporting.reading.found.names import mentions_of
from reporting.text.lexicon import TOTAL_WORDS, in_plain_letters, phrases
from reporting.text.words import Token

# Heads of columns.

RESULT_COLUMNS = phrases("reader.result_columns")

OTHER_COLUMNS = phrases("reader.other_columns")
_WHOLE_COLUMNS = phrases("reader.whole_columns")
_QUARTERS = phrases("reader.quarter_columns")
_MONTHS_LEAST = 2


_SUM_WORDS, _MILLIONS_IN_CELLS = in_plain_letters("reader.sum_words"), in_plain_letters("reader.millions_in_cells")
_HEADS_LEAST = 2  # columns whose heads say what they count


@dataclass(frozen=True, slots=True)
class _Cell:
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Table:
    """What the columns of a message give: its quantities, those whose column or row leaves them open, and the indicator
    that the head of a column names for the numbers below it, by where they begin.
    """

    placed: list[Placed]
    given: Mapping[int, str]
    parts: list[Placed]  # rows of villages above their total row
    cells: frozenset[int] = frozenset()  # where the numbers begin that stand in rows of a table
    open: frozenset[str] = frozenset()  # the indicators of which one row cannot be placed


@dataclass(slots=True)
class _Head:
    """The head of a table: how many cells it has, and what it says of its columns by their numbers."""

    cells: int
    result: int | None = None
    units: Mapping[int, str] = field(default_factory=dict)
    codes: Mapping[int, str] = field(default_factory=dict)


def by_columns(tokens: Sequence[Token], placed: Sequence[Placed], labels: Labels) -> Table:
    """The quantities of a message, in tables only those of the columns that count.

    Without a head that says which of several columns is the result, those numbers become ambiguous, unless each has its
    unit. A table of villages and indicators gives its total row, or its rows as parts.
    """
    if not any(token.kind == "cell" for token in tokens):
        return Table(list(placed), {}, [])
    kept: list[Placed] = []
    given: dict[int, str] = {}
    parts: list[Placed] = []
    head: _Head | None = None
    rows: list[Placed] = []  # of the table of villages that is being read
    number = 0
    inside: set[int] = set()
    open_: set[str] = set()
    for start, end in _lines(tokens):
        row: list[Placed] = []
        while number < len(placed) and placed[number].first < end:
            row.append(placed[number])
            number += 1
        cells = _cells(tokens, start, end)
        if len(cells) < 2:
            if row or start == end:  # a section row inside a table ends it no more than its number does
                head, rows = None, []
            kept.extend(row)
            continue
        inside |= {one.first for one in row}
        found = _head(tokens, cells, row, labels)
        if found is not None:
            head, rows = found, []
        elif head is not None and head.codes:
            counted = _village(tokens, cells, row, head)
            given.update(counted)
            mine = [one for one in row if one.first in counted]
            if TOTAL_WORDS.at(tokens, cells[0].first) is not None:
                parts += rows
                kept = [one for one in kept if one not in rows]
                rows = []
            else:
                rows += mine
            if len(cells) != head.cells and row:
                open_ |= set(head.codes.values())
            kept.extend(mine if len(cells) == head.cells else [_in_doubt(one) for one in row])
        else:
            kept.extend(_row(tokens, cells, row, head))
    given = {one.first: given[one.first] for one in kept if one.first in given}
    return Table(kept, given, parts, frozenset(inside), frozenset(open_))


def _head(tokens: Sequence[Token], cells: Sequence[_Cell], row: Sequence[Placed], labels: Labels) -> _Head | None:
    """What a row says as the head of those below it, or None for a row of figures."""
    if row and any((one.first, one.last) == (cell.first, cell.last) for one in row for cell in cells):
        return None
    units = {n: unit for n, cell in enumerate(cells) if (unit := _unit_of_head(tokens, cell)) is not None}
    result = _header(tokens, cells)
    result = _months(tokens, cells) if result is None or result < 0 else result
    if result is not None:
        return _Head(len(cells), result if result >= 0 else None, units)
    codes: dict[int, str] = {}
    for n, cell in enumerate(cells[1:], 1):
        named = mentions_of(labels, tokens[cell.first : cell.last])
        if len(named) == 1 and len(named[0].codes) == 1:
            codes[n] = named[0].codes[0]
        elif not named and (came := _came_to(labels, codes.get(n - 1), units.get(n))) is not None:
            codes[n] = came
        elif not named and len(counted := labels.counted_in(units.get(n))) == 1:
            codes[n] = counted[0]  # "SHCĐ | Lượt | Cây"
    several = len(set(codes.values())) >= _HEADS_LEAST and not mentions_of(
        labels, tokens[cells[0].first : cells[0].last]
    )
    if several and not row:
        return _Head(len(cells), None, {}, codes)
    return _Head(len(cells), None, units) if len(units) >= _HEADS_LEAST and not row else None


def _came_to(labels: Labels, sessions: str | None, unit: str | None) -> str | None:
    """ "SHCĐ (buổi) | Lượt": a column headed by nothing but its unit counts those who came to the one before."""
    pair = labels.catalogue[sessions].pair if sessions is not None and unit == ATTENDANCE else None
    return pair if pair is not None and labels.catalogue[pair].unit == ATTENDANCE else None


def _unit_of_head(tokens: Sequence[Token], cell: _Cell) -> str | None:
    """ "Số buổi", "Lượt tham gia": the unit that the head of a column begins with."""
    start = cell.first
    while start < cell.last and tokens[start].fold in _SUM_WORDS:
        start += 1
    found = UNITS.at(tokens, start) if start < cell.last else None
    return found[1] if found is not None and family_of(found[1]) in (*ANNOUNCED, "money", "length") else None


def _village(tokens: Sequence[Token], cells: Sequence[_Cell], row: Sequence[Placed], head: _Head) -> dict[int, str]:
    """The indicators of a row's numbers, by where they begin; none where the row has other cells than its head."""
    if len(cells) != head.cells:
        return {}
    return {
        one.first: head.codes[n]
        for n, cell in enumerate(cells)
        for one in row
        if n in head.codes and (one.first, one.last) == (cell.first, cell.last)
    }


def _in_doubt(one: Placed) -> Placed:
    """A number in a row with other cells than its head: nobody can say which column it stands in."""
    if one.quantity.problem is not None:
        return one
    return replace(one, quantity=replace(one.quantity, problem="ambiguous", proposed=None))


def _lines(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    found, start = [], 0
    for place, token in enumerate(tokens):
        if token.kind == "line":
            found.append((start, place))
            start = place + 1
    found.append((start, len(tokens)))
    return found


def _cells(tokens: Sequence[Token], start: int, end: int) -> list[_Cell]:
    found, first = [], start
    for place in range(start, end):
        if tokens[place].kind == "cell":
            if place > start or tokens[place].text != "|":
                found.append(_Cell(first, place))
            first = place + 1
    if first < end or (found and tokens[end - 1].text != "|"):
        found.append(_Cell(first, end))
    return found if any(tokens[p].kind == "cell" for p in range(start, end)) else []


def _header(tokens: Sequence[Token], cells: Sequence[_Cell]) -> int | None:
    """The number of the result column if this row is a header, else None; -1: a header without one."""
    known = 0
    result = -1
    quarters = [n for n, cell in enumerate(cells) if _QUARTERS.at(tokens, cell.first) == (cell.last, True)]
    for number, cell in enumerate(cells):
        if cell.first >= cell.last:
            continue
        found = RESULT_COLUMNS.at(tokens, cell.first)
        if found is not None and found[0] >= cell.last - 3:
            known, result = known + 1, number if result <= 0 else result  # "Kết quả hoạt động | Số lượng"
            continue
        if quarters == [number]:  # "Chỉ tiêu năm | Quý I | Lũy kế"; of several quarters none is the result
            known, result = known + 1, number if result <= 0 else result
            continue
        other = OTHER_COLUMNS.at(tokens, cell.first)
        if other is not None and other[0] >= cell.last - 3:
            known += 1
    if known >= 2 and known * 2 >= len([c for c in cells if c.first < c.last]):
        return result
    return None


def _months(tokens: Sequence[Token], cells: Sequence[_Cell]) -> int | None:
    """ "Nội dung | Tháng 1 | Tháng 2 | Tháng 3 | Cả quý": the number of the column of all months; -1 without one."""
    months = sum(is_month(tokens, cell.first, cell.last) for cell in cells)
    if months < _MONTHS_LEAST:
        return None
    return next(
        (
            number
            for number, cell in enumerate(cells)
            if number and (found := _WHOLE_COLUMNS.at(tokens, cell.first)) is not None and found[0] >= cell.last - 1
        ),
        -1,
    )


def _row(tokens: Sequence[Token], cells: Sequence[_Cell], row: Sequence[Placed], head: _Head | None) -> list[Placed]:
    unit = _unit_cell(tokens, cells) or _counted_in_the_name(tokens, cells)
    whole = {(cell.first, cell.last): n for n, cell in enumerate(cells)}
    alone = {one.first: whole[one.first, one.last] for one in row if (one.first, one.last) in whole}
    result = head.result if head is not None else None
    shifted = head is not None and result is not None and len(cells) != head.cells and len(alone) > 1
    bare = sum(one.quantity.unit is None and (head is None or alone[one.first] not in head.units)
               for one in row if one.first in alone)  # fmt: skip
    several = result is None and len(alone) > 1 and (bare > 0 or not _units_differ(row, alone))
    kept: list[Placed] = []
    for placed in row:
        quantity = placed.quantity
        if placed.first in alone:
            column = alone[placed.first]
            if result is not None and column != result and not shifted and not _beside(head, column, result):
                continue
            counted = (head.units.get(column) if head is not None else None) or unit
            if counted is not None and quantity.unit is None and quantity.problem is None:
                quantity = replace(quantity, unit=canonical(counted), number=converted(quantity.number, counted))
            if several or shifted:
                quantity = replace(quantity, problem="ambiguous", proposed=None)
        kept.append(replace(placed, quantity=quantity))
    return kept


def _beside(head: _Head | None, column: int, result: int) -> bool:
    """ "Số lượng | Số lượt": straight behind the result a column of those who came."""
    return head is not None and column == result + 1 and head.units.get(column) == ATTENDANCE


def _units_differ(row: Sequence[Placed], alone: Mapping[int, int]) -> bool:
    """ "3 buổi | 75 lượt": every number has a unit of its own; the same unit twice may be a plan and its result."""
    units = [one.quantity.unit for one in row if one.first in alone]
    return len(set(units)) == len(units) or None in units


def _unit_cell(tokens: Sequence[Token], cells: Sequence[_Cell]) -> str | None:
    for cell in cells:
        if cell.first >= cell.last:
            continue
        if tokens[cell.first].fold in _MILLIONS_IN_CELLS:
            return MILLIONS
        found = UNITS.at(tokens, cell.first)
        if found is not None and found[0] == cell.last:
            return found[1]
    return None


def _counted_in_the_name(tokens: Sequence[Token], cells: Sequence[_Cell]) -> str | None:
    """ "Lượt dự họp | 41", "Số buổi | 3": the name of the row says what it counts."""
    for cell in cells:
        if cell.first < cell.last and tokens[cell.first].kind == "word":
            start = cell.first + (tokens[cell.first].fold == "so")
            found = UNITS.at(tokens, start) if start < cell.last else None
            return found[1] if found is not None and family_of(found[1]) == "attendance" else None
    return None
