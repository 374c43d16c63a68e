"""Units that a label announces for the bare number behind it: "Số lượt tham gia: 62", "Tổng lượt: 88"."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from reporting.numbers.quantity import Placed, Quantity
from reporting.numbers.units import ATTENDANCE, BODY, DONG, DOSSIER, MILLIONS, PAPERS_OR_PUPILS, UNITS, family_of
from reporting.text.lexicon import CAME_LABEL, TOTAL_WORDS, in_plain_letters, phrases, spelt
from reporting.text.word_lists import listed
from reporting.text.words import Token

_THIS_ONE = spelt("reader.this_one")
_AND, _BODIES = (*listed("reader.joins"), "+"), listed("reader.bodies_or_doers")
_BEGINS_TAKING_PART, _COUNT = in_plain_letters("reader.begins_taking_part"), in_plain_letters("reader.counts_of")

_MILLIONS_MOST = 1000  # of money without a unit
_MONEY = phrases("reader.money_labels")
_LEADING = in_plain_letters("reader.subject_begins")
_SHORT_FOR_SEVERAL = in_plain_letters("reader.short_for_several")
ANNOUNCED = ("event", "attendance", "people", "thing")


def canonical(unit: str) -> str:
    """The unit that values are kept in: money in triệu đồng, length in km."""
    return {DONG: MILLIONS, "m": "km"}.get(unit, unit)


def converted(number: Decimal, unit: str) -> Decimal:
    """A number of this unit in the unit that values are kept in."""
    factor = {DONG: Decimal("0.000001"), "m": Decimal("0.001")}.get(unit, Decimal(1))
    return (number * factor).normalize() + Decimal(0)


def with_headed_units(tokens: Sequence[Token], placed: Sequence[Placed]) -> list[Placed]:
    """ "Số lượt tham gia: 62": a number without a unit takes the one announced at the start of its clause."""
    result: list[Placed] = []
    for one in placed:
        if one.quantity.unit is None and one.quantity.scale is None and _may_be_labelled(one.quantity):
            unit = _announced(tokens, one.first, result[-1].last if result else 0)
            if unit is not None:
                quantity = replace(one.quantity, unit=canonical(unit), number=converted(one.quantity.number, unit))
                one = replace(one, quantity=quantity)
            elif one.first and tokens[one.first - 1].kind != "number" and _is_money(tokens, one):
                quantity = replace(one.quantity, unit=MILLIONS, problem="ambiguous", proposed=one.quantity.number)
                one = replace(one, quantity=quantity)
        result.append(one)
    return result


def _may_be_labelled(quantity: Quantity) -> bool:
    """A number, a range, or a sum of those who came ("19, 22, 20"), but no number in doubt."""
    summed = quantity.problem == "ambiguous" and quantity.proposed not in (None, quantity.number)
    return summed or quantity.problem in (None, "range")


def _is_money(tokens: Sequence[Token], one: Placed) -> bool:
    """ "quà 10\\ntiền 5": alone before a number the word for money; so many millions, perhaps."""
    if one.quantity.problem is not None or one.quantity.number >= _MILLIONS_MOST:
        return False
    label = one.first - (tokens[one.first - 1].text == ":")
    found = _MONEY.ending(tokens, label, 2)
    return found is not None and (found[0] == 0 or tokens[found[0] - 1].kind in ("line", "mark", "cell"))


def _label_begins(tokens: Sequence[Token], place: int) -> int:
    """Where what may announce the unit of the number at `place` begins, small words and "tổng" apart."""
    first = place
    while first > 0 and place - first < _REACH:
        token = tokens[first - 1]
        if token.kind in ("line", "cell", "number") or token.text in (",", ";", ".", "•", "(", "/", "+", "*"):
            break
        if token.text in _AND and tokens[place - 1].text != ":":
            break  # "75 lượt tham gia và tặng quà 3 hộ"
        if token.text == ":" and first < place:
            break  # "đã gửi hôm qua: cây 50"
        if token.text == "-" and (not token.glued or (first > 1 and tokens[first - 2].kind == "line")):
            break
        first -= 1
    if first and tokens[first - 1].text == "," and tokens[place - 1].text == ":":
        head = _head_of_line(tokens, first - 1)  # "Số lượt tham gia phát quang, nhặt rác: 44"
        first = head if head is not None and tokens[head].fold in _COUNT else first
    while first < place and tokens[first].fold in _LEADING:
        first += 1  # "còn lượt thì đúng 60"
    total = TOTAL_WORDS.at(tokens, first)
    return total[0] if total is not None and total[0] < place else first  # "Tổng lượt tham gia: 88"


def _announced(tokens: Sequence[Token], place: int, counted_until: int) -> str | None:
    if counted_until < place and UNITS.at(tokens, counted_until) == (place, ATTENDANCE):
        return ATTENDANCE  # "vệ sinh 1 buổi lượt 20"
    first = _label_begins(tokens, place)
    if first == place:
        return None
    for at in range(first, place):
        counted = tokens[at].fold in _COUNT
        if not counted and (at != first or (at and tokens[at - 1].kind == "number" and _alone(tokens, place))):
            continue  # "hiến máu 2 đợt được 14": the unit of the number before it
        found = UNITS.at(tokens, at + counted)
        several = tokens[at].fold in _SHORT_FOR_SEVERAL
        if found is None or several or found[0] > place or family_of(found[1]) not in ANNOUNCED:
            continue
        if found[0] < place and _THIS_ONE.has(tokens[found[0]].form):
            continue  # "kỳ này 8"
        if counted or not _subject(tokens, found, place):
            papers = found == (place, PAPERS_OR_PUPILS) and not counted  # "hs 30, vneid 40": papers, and no pupils
            return DOSSIER if papers else found[1]
    return ATTENDANCE if _came_label(tokens, first, place) else _labelled_behind_and(tokens, place)


def _came_label(tokens: Sequence[Token], first: int, place: int) -> bool:
    """ "Dự: 49", "người dự cộng lại 49": nothing but that they came stands before the number."""
    place -= place > first and tokens[place - 1].text in (":", "-", "=")
    label = CAME_LABEL.at(tokens, first)
    total = TOTAL_WORDS.at(tokens, label[0]) if label is not None and label[0] < place else None
    return label is not None and (total or label)[0] == place


def _labelled_behind_and(tokens: Sequence[Token], place: int) -> str | None:
    """ "… và cây: 120": the unit alone stands between "và" and the number."""
    label = place - 1 - (tokens[place - 1].text == ":") if place else 0
    if label < 1 or tokens[label - 1].text not in _AND:
        return None
    found = UNITS.at(tokens, label)
    return found[1] if found is not None and found[0] == label + 1 and family_of(found[1]) == "thing" else None


def _alone(tokens: Sequence[Token], place: int) -> bool:
    """Whether nothing but a mark follows the number."""
    return place + 1 >= len(tokens) or tokens[place + 1].kind in ("line", "mark", "cell")


def _subject(tokens: Sequence[Token], unit: tuple[int, str], place: int) -> bool:
    """ "Em gửi cây xanh 150", "Chi đoàn được khen 1 bằng khen": who did it, not what is counted."""
    if family_of(unit[1]) == "people":
        if tokens[place - 1].text == ":" and tokens[unit[0]].fold in _BEGINS_TAKING_PART:
            return False  # "Thanh niên tham gia vệ sinh môi trường: 640"
        return any(token.fold not in _CAME for token in tokens[unit[0] : place])
    verb = unit[1] == BODY or unit[0] < place  # "Tổ chức 3 vòng về nguồn"
    return unit[1] in _BODIES and verb and tokens[unit[0]].text != ":"


_CAME = in_plain_letters("reader.came_to")


def _head_of_line(tokens: Sequence[Token], place: int) -> int | None:
    """The first word of a line whose tokens up to `place` are words and commas, bullets apart."""
    first = place
    while first > 0 and place - first < _REACH and (tokens[first - 1].kind == "word" or tokens[first - 1].text == ","):
        first -= 1
    return first if first < place else None


_REACH = 10
