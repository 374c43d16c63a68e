"""Rows copied from Excel or Word in; which column holds the result, and the unit of each row, out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reporting.numbers.quantity import Placed
from reporting.numbers.units import UNITS, family_of
from reporting.text.words import Lexicon, Token, folds, words

# Heads of columns.

RESULT_COLUMNS: Lexicon[bool] = words(
    "kết quả, thực hiện, số lượng, kết quả quý, kết quả kỳ, kết quả thực hiện, kết quả đạt được, "
    "đạt được, trong kỳ, kq, th, số liệu, kết quả trong kỳ, thực hiện quý, thực hiện trong kỳ, sl, "
    "quý này, kỳ này, kết quả quý i, kết quả quý ii, kết quả quý iii, kết quả quý iv, kết quả quý 1, "
    "kết quả quý 2, kết quả quý 3, kết quả quý 4, đã thực hiện, số liệu báo cáo, kq thực hiện, "
    "kết quả kỳ này"
)

OTHER_COLUMNS: Lexicon[bool] = words(
    "chỉ tiêu, kế hoạch, kh, ct, chỉ tiêu năm, kế hoạch năm, giao, chỉ tiêu giao, lũy kế, luỹ kế, tỷ lệ, "
    "tỉ lệ, %, tỷ lệ %, cùng kỳ, năm trước, quý trước, kỳ trước, ghi chú, stt, tt, so sánh, tăng giảm, "
    "đvt, đơn vị tính, nội dung, tên chỉ tiêu, đạt %, tỷ lệ đạt, lũy kế năm, lũy kế từ đầu năm, "
    "số thứ tự, chỉ tiêu được giao, tiêu chí, mục, tỷ lệ (%)"
)


@dataclass(frozen=True, slots=True)
class _Cell:
    first: int
    last: int


def by_columns(tokens: Sequence[Token], placed: Sequence[Placed]) -> list[Placed]:
    """The quantities of a message, in tables only those of the result column.

    Without a header that says which of several columns is the result, those numbers become ambiguous.
    """
    if not any(token.kind == "cell" for token in tokens):
        return list(placed)
    kept: list[Placed] = []
    result: int | None = None
    headed = False
    number = 0
    for start, end in _lines(tokens):
        row: list[Placed] = []
        while number < len(placed) and placed[number].first < end:
            row.append(placed[number])
            number += 1
        cells = _cells(tokens, start, end)
        if len(cells) < 2:
            result, headed = None, False
            kept.extend(row)
            continue
        columns = _header(tokens, cells)
        if columns is not None:
            result, headed = columns, True
            continue
        kept.extend(_row(tokens, cells, row, result if headed else None))
    return kept


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
    for number, cell in enumerate(cells):
        if cell.first >= cell.last:
            continue
        found = RESULT_COLUMNS.at(tokens, cell.first)
        if found is not None and found[0] >= cell.last - 3:
            known, result = known + 1, number if result <= 0 else result  # "Kết quả hoạt động | Số lượng"
            continue
        other = OTHER_COLUMNS.at(tokens, cell.first)
        if other is not None and other[0] >= cell.last - 3:
            known += 1
    if known >= 2 and known * 2 >= len([c for c in cells if c.first < c.last]):
        return result
    return None


def _row(tokens: Sequence[Token], cells: Sequence[_Cell], row: Sequence[Placed], result: int | None) -> list[Placed]:
    unit = _unit_cell(tokens, cells) or _counted_in_the_name(tokens, cells)
    whole = {(cell.first, cell.last) for cell in cells}
    alone = {p.first for p in row if (p.first, p.last) in whole}
    kept: list[Placed] = []
    for placed in row:
        if placed.first in alone and result is not None and result >= 0:
            cell = cells[result] if result < len(cells) else None
            if cell is None or not cell.first <= placed.first < cell.last:
                continue
        quantity = placed.quantity
        if placed.first in alone and unit is not None and quantity.unit is None and quantity.problem is None:
            quantity = replace(quantity, unit=_canonical(unit), number=_converted(quantity.number, unit))
        if placed.first in alone and (result is None or result < 0) and len(alone) > 1:
            quantity = replace(quantity, problem="ambiguous", proposed=None)
        kept.append(replace(placed, quantity=quantity))
    return kept


def _unit_cell(tokens: Sequence[Token], cells: Sequence[_Cell]) -> str | None:
    for cell in cells:
        if cell.first >= cell.last:
            continue
        if tokens[cell.first].fold in ("trieu", "tr", "trd"):
            return "triệu đồng"
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


def _canonical(unit: str) -> str:
    return {"đồng": "triệu đồng", "m": "km"}.get(unit, unit)


def _converted(number: Decimal, unit: str) -> Decimal:
    factor = {"đồng": Decimal("0.000001"), "m": Decimal("0.001")}.get(unit, Decimal(1))
    return (number * factor).normalize() + Decimal(0)


def with_headed_units(tokens: Sequence[Token], placed: Sequence[Placed]) -> list[Placed]:
    """ "Số lượt tham gia: 62": a number without a unit takes the one announced at the start of its clause."""
    result: list[Placed] = []
    for one in placed:
        if one.quantity.unit is None and one.quantity.problem is None and one.quantity.scale is None:
            unit = _announced(tokens, one.first)
            if unit is not None:
                quantity = replace(one.quantity, unit=_canonical(unit), number=_converted(one.quantity.number, unit))
                one = replace(one, quantity=quantity)
        result.append(one)
    return result


def _announced(tokens: Sequence[Token], place: int) -> str | None:
    first = place
    while first > 0 and place - first < _ANNOUNCED_REACH:
        token = tokens[first - 1]
        if token.kind in ("line", "cell", "number") or token.text in (",", ";", ".", "•", "(", "/", "+", "*"):
            break
        if token.text == "-" and (not token.glued or (first > 1 and tokens[first - 2].kind == "line")):
            break
        first -= 1
    if first and tokens[first - 1].text == "," and tokens[place - 1].text == ":":
        head = _head_of_line(tokens, first - 1)  # "Số lượt tham gia phát quang, nhặt rác: 44"
        first = head if head is not None and tokens[head].fold == "so" else first
    for at in range(first, place):
        counted = tokens[at].fold == "so"
        if not counted and (at != first or (at and tokens[at - 1].kind == "number" and _alone(tokens, place))):
            continue  # "hiến máu 2 đợt được 14": the unit of the number before it
        if at + 1 < place and tokens[at].fold == "phan" and tokens[at + 1].fold == "mem":
            continue
        found = UNITS.at(tokens, at + counted)
        if found is None or found[0] > place or family_of(found[1]) not in _ANNOUNCED:
            continue
        if counted or not _subject(tokens, found, place):
            return found[1]
    return None


def _alone(tokens: Sequence[Token], place: int) -> bool:
    """Whether nothing but a mark follows the number."""
    return place + 1 >= len(tokens) or tokens[place + 1].kind in ("line", "mark", "cell")


def _subject(tokens: Sequence[Token], unit: tuple[int, str], place: int) -> bool:
    """ "Em gửi cây xanh 150", "Chi đoàn được khen 1 bằng khen": who did it, not what is counted."""
    if family_of(unit[1]) == "people":
        if tokens[place - 1].text == ":" and tokens[unit[0]].fold in ("tham", "du"):
            return False  # "Thanh niên tham gia vệ sinh môi trường: 640"
        return any(token.fold not in _CAME for token in tokens[unit[0] : place])
    return unit[1] in ("tổ chức", "đơn vị", "đội hình") and unit[0] < place and tokens[unit[0]].text != ":"


_CAME = folds("tham gia dự đi đến có mặt học được là : =")


def _head_of_line(tokens: Sequence[Token], place: int) -> int | None:
    """The first word of a line whose tokens up to `place` are words and commas, bullets apart."""
    first = place
    while (
        first > 0
        and place - first < _ANNOUNCED_REACH
        and (tokens[first - 1].kind == "word" or tokens[first - 1].text == ",")
    ):
        first -= 1
    return first if first < place else None


_ANNOUNCED_REACH = 10
_ANNOUNCED = ("event", "attendance", "people", "thing")
