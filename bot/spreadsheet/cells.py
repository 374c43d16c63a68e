"""What a cell may hold: raw cells go into the model of a row, checked values or every fault of the row come out."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ValidationInfo, create_model
from pydantic_core import PydanticCustomError

from bot.spreadsheet.sheets import NO_CLUSTER, Column, Sheet
from handlers.commands import folded
from reporting.time.as_written import NotADay, OtherWeekday, day_in, is_day, plain, whole_time
from reporting.time.calendar import day_name

_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TIME: Final = re.compile(r"(\d{1,2})\s*(?:[:hg]\s*(\d{1,2})?)(?::00)?", re.IGNORECASE)
_FORMULA: Final = "=+-@"  # with these a spreadsheet begins to reckon
# A format of numbers in pieces: quoted letters, one escaped, the digits, any other sign; gaps and colours show nothing.
_FORMAT: Final = re.compile(r'"([^"]*)"|\\(.)|[_*].|\[[^\]]*\]|(General|[0#,.?@]+)|(.)', re.IGNORECASE)
_LITERAL: Final = " -+/():"
_AS_IT_IS: Final = ("general", "0", "#", "?", "@")
_TWO_READINGS: Final = re.compile(r"[1-9]\d{0,2},\d{3}")
_THREE_DECIMALS: Final = re.compile(r"\.000(?![0#?])")
_INVISIBLE: Final = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")


def clean(text: str) -> str:
    """As people meant it: composed letters, no invisible ones, single spaces."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


@cache
def row_model(sheet: Sheet) -> type[BaseModel]:
    """The model of a row of the sheet: a field for each column, None where the cell is empty."""
    fields: dict[str, Any] = {column.key: (_cell_type(column), None) for column in sheet.columns}
    return create_model(f"{sheet.key.title()}Row", **fields)


def _cell_type(column: Column) -> Any:
    kind = "cluster" if column.key == "cluster" else column.kind
    return Annotated[_CELLS[kind], BeforeValidator(partial(_given, column))]


def _wrong(reason: str, **parts: str) -> PydanticCustomError:
    """A fault of a cell; reason: the key of its sentence, parts: what the sentence names."""
    return PydanticCustomError(reason, reason, parts)


def _given(column: Column, cell: Any) -> Any:
    """The value of a cell before it is read as what its column holds; None where it is empty."""
    value = None if cell is None else cell.value
    hidden = _hidden(value) if column.kind == "text" and isinstance(value, str) else ""
    if isinstance(value, str):
        value = clean(value)
    if value is None or value == "":
        if column.required:
            raise _wrong("missing", column=column.heading)
        return None
    if cell.data_type in ("f", "e") or not isinstance(value, str | int | float | date | time):
        raise _wrong("error" if cell.data_type == "e" else "formula")
    if hidden:  # it would make a name look like another one on cards and in chats
        raise _wrong("hidden", text=hidden)
    if column.kind == "text" and str(value)[0] in _FORMULA:
        raise _wrong("starts", text=str(value)[0])
    if isinstance(value, str) and value.startswith("="):
        raise _wrong("formula")
    if column.kind == "number":
        _one_reading(value, cell.number_format)
    return value if column.kind in _MEASURED else _text(_shown(value, cell.number_format), column.longest)


def _shown(value: Any, number_format: str) -> Any:
    """A whole number in a cell of text as the sheet shows it: "001" where its format asks for three digits, "DX01"
    where it sets letters before them. A format that shows it in any other way is not guessed at.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value != int(value):
        return value
    parts = _FORMAT.findall(number_format.partition(";")[0].strip())
    forms = [digits.lower() for _, _, digits, _ in parts if digits]
    form = forms[0] if len(forms) == 1 else ""
    if form == "#,##0" and value < 1000:
        form = "0"
    strange = any(other and other not in _LITERAL for *_, other in parts)
    if strange or not form or (form not in _AS_IT_IS and form.strip("0")):
        raise _wrong("shown_otherwise", text=str(int(value)), form=number_format[:40])
    number = str(int(value)) if form in _AS_IT_IS else str(int(value)).zfill(len(form))
    return "".join(number if digits else quoted or escaped or other for quoted, escaped, digits, other in parts)


def _one_reading(value: Any, number_format: str) -> None:
    """A comma before three digits parts thousands for some and decimals for others."""
    text = value if isinstance(value, str) else ""
    if isinstance(value, int | float) and _THREE_DECIMALS.search(number_format) and 1 <= value < 1000:
        text = f"{value:.3f}".replace(".", ",")
    if _TWO_READINGS.fullmatch(text):
        whole, part = text.split(",")
        raise _wrong("two_readings", text=text, whole=whole + part, part=f"{whole},{part}".rstrip("0").rstrip(","))


def _hidden(text: str) -> str:
    """The first character of a text that cannot be seen, as "U+202E"; '' for none. Line breaks are spaces."""
    found = next((c for c in text if c not in "\t\n\r" and unicodedata.category(c) in ("Cc", "Cf", "Co")), "")
    return f"U+{ord(found):04X}" if found else ""


def _text(value: Any, longest: int) -> str:
    if isinstance(value, datetime | date | time | bool):
        raise _wrong("not_a_text", text=str(value)[:40])
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if len(text) > longest:
        raise _wrong("too_long", most=str(longest))
    return text


def _known(kind: str, text: str, info: ValidationInfo) -> str:
    words: dict[str, dict[str, str]] = info.context or {}
    code = words[kind].get(folded(text.partition(" — ")[0]))
    if code is None:
        raise _wrong(f"no_{kind}", text=text[:40])
    return code


def _codes(text: str) -> tuple[str, ...]:
    return tuple(_code(part.strip()) for part in re.split(r"[,;]", text) if part.strip())


def _code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise _wrong("not_a_code", text=text[:40])
    return text


def _cluster(text: str) -> str:
    return text if text == NO_CLUSTER else _code(text)


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and is_day(words := plain(value)):
        try:
            return day_in(words, date.max) or date.max
        except OtherWeekday as other:
            days = {
                "day": f"{day_name(other.day)}/{other.day.year}",
                "near": f"{day_name(other.near)}/{other.near.year}",
            }
            raise _wrong("other_weekday", text=value[:40], **days) from other
        except NotADay:
            pass
    raise _wrong("not_a_day", text=str(value)[:40])


def _time(value: Any) -> time:
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    if isinstance(value, str) and (match := _TIME.fullmatch(value)):
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    try:
        if isinstance(value, str) and (found := whole_time(plain(value))) is not None:
            return found
    except NotADay:
        pass
    raise _wrong("not_a_time", text=str(value)[:40])


def _number(value: Any) -> Decimal:
    """A number typed as one, or as text in the Vietnamese way: "1.500", "3,5"."""
    if isinstance(value, bool | date | time):
        raise _wrong("not_a_number", text=str(value)[:40])
    text = str(value)
    if isinstance(value, str):
        if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", text):
            text = text.replace(".", "")
        text = text.replace(",", ".")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise _wrong("not_a_number", text=str(value)[:40]) from error
    if not number.is_finite() or number < 0:
        raise _wrong("not_a_number", text=str(value)[:40])
    return number


def _read(type_: Any, read: Callable[[Any], Any]) -> Any:
    """The type of cells that are read so; empty ones stay None."""
    return Annotated[type_ | None, BeforeValidator(lambda value: None if value is None else read(value))]


def _chosen(kind: str) -> Any:
    """The type of cells that hold one of the known words of a kind."""
    return Annotated[
        str | None,
        BeforeValidator(lambda value, info: None if value is None else _known(kind, value, info)),
    ]


_MEASURED: Final = ("day", "time", "number")
_CELLS: Final[dict[str, Any]] = {
    "text": str | None, "period": str | None, "code": _read(str, _code), "codes": _read(tuple[str, ...], _codes),
    "cluster": _read(str, _cluster),
    "day": _read(date, _day), "time": _read(time, _time), "number": _read(Decimal, _number),
    **{kind: _chosen(kind) for kind in ("level", "role", "mode", "indicator")},
}  # fmt: skip
