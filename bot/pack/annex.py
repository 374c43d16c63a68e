"""A pack in, its annex as an .xlsx file out: all figures, a sheet a section, a sheet a unit, what has changed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from textwrap import wrap
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.pack.annex_lines import AnnexLine, annex_lines, line_of
from bot.pack.contents import Pack
from bot.pack.sentences import Sentences, compared_with
from handlers.meetings.speaking_words import why
from handlers.wording import figure_rows
from handlers.wording.speech import Wording
from reporting.figures.catalogue import Catalogue, Indicator, Section
from reporting.figures.comparison import Comparison
from reporting.figures.totals import Total
from reporting.figures.values import plain
from reporting.time.calendar import local_day

_WIDTHS: Final = (5, 48, 14, 12, 12, 12, 12, 10, 40)
_HEAD_ROW: Final = 3
_LONGEST_NAME: Final = 31  # characters of a sheet's name
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_LINE_PT, _MOST_PT = 16.0, 409.0  # of a row: one line of text, and what Excel takes
_LETTERS: Final = 1.15  # of this font in one unit of a column's width, at the least
_LANDSCAPE_A4: Final = 9


def annex(wording: Wording, pack: Pack) -> bytes:
    """The workbook's bytes. Every text goes in as a text: what a person wrote never becomes a formula or a link."""
    buffer = BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    file = Workbook(buffer, options)
    day = local_day(pack.made_at)
    file.set_properties({
        "title": wording.say("pack.annex_title", period=pack.round.period.name, area=pack.area.name),
        "comments": pack.version,
        "created": datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None),
    })  # fmt: skip
    _AnnexBook(file, wording, pack).write()
    file.close()
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Styles:
    """Cell formats by use; numbers stay numbers, "trên" is only how they are shown."""

    file: Any
    made: dict[str, Any]

    def of(self, name: str, **look: Any) -> Any:
        if name not in self.made:
            self.made[name] = self.file.add_format({"font_name": "Times New Roman", "font_size": 12, **look})
        return self.made[name]

    @property
    def title(self) -> Any:
        return self.of("title", bold=True, font_size=14)

    @property
    def note(self) -> Any:
        return self.of("note", italic=True)

    @property
    def heading(self) -> Any:
        return self.of(
            "heading", bold=True, border=1, align="center", valign="vcenter", text_wrap=True, bg_color="#DCE6F1"
        )

    @property
    def section(self) -> Any:
        return self.of("section", bold=True, border=1, bg_color="#F2F2F2")

    @property
    def text(self) -> Any:
        return self.of("text", border=1, valign="top", text_wrap=True)

    def number(self, amount: float, approx: bool) -> Any:
        form = ('"trên "' if approx else "") + ("#,##0" if float(amount).is_integer() else "#,##0.0##")
        return self.of(form, border=1, valign="top", num_format=form)


class _AnnexBook:
    def __init__(self, file: Workbook, wording: Wording, pack: Pack) -> None:
        self._file = file
        self._wording = wording
        self._pack = pack
        self._styles = _Styles(file, {})
        self._names: set[str] = set()

    def write(self) -> None:
        """All sheets, what is looked at first in front."""
        say, pack = self._wording.say, self._pack
        lines = annex_lines(self._wording, pack.catalogue, pack.comparison)
        self._figures(say("pack.sheet_all"), pack.area.name, lines, pack.comparison)
        for section, rows in lines:
            self._figures(section.brief, pack.area.name, [(section, rows)], pack.comparison)
        if pack.entry_order:
            self._entry(pack.catalogue, pack.comparison)
        self._states()
        asked = [
            (one.number, one.unit_name, one.text, say(f"petition.state_{one.state}", department=one.department),
             one.answer)
            for one in pack.petitions
        ]  # fmt: skip
        self._listed("petition", (6, 34, 70, 20, 50), asked)
        self._tasks()
        spoken = [(number, one.code, one.name, why(self._wording, one)) for number, one in enumerate(pack.speakers, 1)]
        if spoken:
            self._listed("speaking", (6, 14, 40, 80), spoken)
        told = Sentences(self._wording, pack).changes()
        self._listed("change", (6, 110), list(enumerate(told, 1)))
        for unit in pack.units:
            own = annex_lines(self._wording, pack.catalogue, unit.comparison)
            self._figures(unit.code, unit.name, own, unit.comparison)
            if unit.own is not None:
                lines, name = annex_lines(self._wording, pack.catalogue, unit.own), say("pack.alone", name=unit.name)
                self._figures(say("pack.alone", name=unit.code), name, lines, unit.own)

    def _sheet(self, name: str, area: str, note: str) -> Worksheet:
        """A new sheet with its heading. Names are unique whatever their case, and have no forbidden signs."""
        clean = _FORBIDDEN.sub(" ", name).strip("' ") or "-"
        if len(clean) > _LONGEST_NAME:  # between two words, where there are any
            clean = clean[: _LONGEST_NAME + 1].rpartition(" ")[0].rstrip() or clean[:_LONGEST_NAME]
        unique, number = clean, 1
        while unique.lower() in self._names:
            number += 1
            unique = f"{clean[: _LONGEST_NAME - 4]} {number}"
        self._names.add(unique.lower())
        sheet = self._file.add_worksheet(unique)
        sheet.write_string(0, 0, self._wording.say("pack.annex_title", period=self._pack.round.period.name, area=area),
                           self._styles.title)  # fmt: skip
        sheet.write_string(1, 0, note, self._styles.note)
        sheet.set_landscape()
        sheet.set_paper(_LANDSCAPE_A4)
        sheet.set_margins(left=0.8, right=0.5, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(_HEAD_ROW)
        sheet.freeze_panes(_HEAD_ROW + 1, 2)
        return sheet

    def _note(self, comparison: Comparison) -> str:
        sent = figure_rows.covered(self._wording, comparison, "year")
        if comparison.year_ago is not None:
            sent = f"{sent} {compared_with(self._wording, comparison)}"
        return self._wording.say("pack.annex_note", sent=sent, version=self._pack.version)

    def _heads(self, sheet: Worksheet, names: Sequence[str], widths: Sequence[int]) -> None:
        for column, (name, width) in enumerate(zip(names, widths, strict=True)):
            sheet.write_string(_HEAD_ROW, column, name, self._styles.heading)
            sheet.set_column(column, column, width)

    def _figures(
        self, name: str, area: str, lines: Sequence[tuple[Section, Sequence[AnnexLine]]], comparison: Comparison
    ) -> None:
        sheet = self._sheet(name, area, self._note(comparison))
        self._heads(sheet, self._wording.say("pack.columns").split("|"), _WIDTHS)
        row = _HEAD_ROW + 1
        for section, rows in lines:
            sheet.write_string(row, 0, "", self._styles.section)
            sheet.write_string(row, 1, section.title, self._styles.section)
            for column in range(2, len(_WIDTHS)):
                sheet.write_blank(row, column, None, self._styles.section)
            row += 1
            for line in rows:
                self._line(sheet, row, line)
                row += 1
        if not lines:
            sheet.write_string(row, 1, self._wording.say("pack.section_empty"), self._styles.text)

    def _line(self, sheet: Worksheet, row: int, line: AnnexLine) -> None:
        text = self._styles.text
        _heighten(
            sheet, row, ((line.indicator.label, _WIDTHS[1]), (line.indicator.unit, _WIDTHS[2]), (line.note, _WIDTHS[8]))
        )
        sheet.write_number(row, 0, line.number, text)
        sheet.write_string(row, 1, line.indicator.label, text)
        sheet.write_string(row, 2, line.indicator.unit, text)
        for column, total in enumerate((line.target, line.value, line.year_ago, line.cumulative), 3):
            self._amount(sheet, (row, column), line.indicator, total)
        if line.percent is None:
            sheet.write_blank(row, 7, None, text)
        else:
            sheet.write_number(row, 7, float(line.percent), self._styles.number(float(line.percent), False))
        sheet.write_string(row, 8, line.note, text)

    def _amount(self, sheet: Worksheet, cell: tuple[int, int], indicator: Indicator, total: Total | None) -> None:
        if total is None:
            sheet.write_blank(*cell, None, self._styles.text)
            return
        number = plain(total.amount, indicator.kind)
        sheet.write_number(*cell, number, self._styles.number(number, total.approx))

    def _entry(self, catalogue: Catalogue, comparison: Comparison) -> None:
        """The figures in the order of another system's screen, to be typed or pasted there from top to bottom."""
        sheet = self._sheet(self._wording.say("pack.sheet_entry"), self._pack.area.name, self._note(comparison))
        self._heads(sheet, self._wording.say("pack.columns_entry").split("|"), _WIDTHS[:5])
        for number, code in enumerate(self._pack.entry_order, 1):
            found = comparison.row(code)
            indicator, row = catalogue[code], _HEAD_ROW + number
            _heighten(sheet, row, ((indicator.label, _WIDTHS[1]), (indicator.unit, _WIDTHS[2])))
            sheet.write_number(row, 0, number, self._styles.text)
            sheet.write_string(row, 1, indicator.label, self._styles.text)
            sheet.write_string(row, 2, indicator.unit, self._styles.text)
            line = line_of(self._wording, comparison, found, number) if found else None
            self._amount(sheet, (row, 3), indicator, line.value if line else None)
            self._amount(sheet, (row, 4), indicator, line.cumulative if line else None)

    def _states(self) -> None:
        say = self._wording.say
        rows = [
            (
                number,
                unit.code,
                unit.name,
                unit.group,
                say(f"submission.{unit.state or 'none'}"),
                str(unit.photos or ""),
            )
            for number, unit in enumerate(self._pack.units, 1)
        ]
        self._listed("state", (6, 14, 40, 30, 22, 8), rows)

    def _tasks(self) -> None:
        say, today = self._wording.say, local_day(self._pack.made_at)
        rows = [
            (
                number, one.known_as, one.unit_name, one.text, f"{one.due_on:%d/%m/%Y}" if one.due_on else "",
                say(f"task.state_{one.state}") + (f", {say('task.overdue')}" if one.is_overdue(today) else ""),
                one.note,
            )
            for number, one in enumerate(self._pack.tasks, 1)
        ]  # fmt: skip
        if rows:
            self._listed("task", (6, 14, 34, 60, 12, 18, 40), rows)

    def _listed(self, what: str, widths: Sequence[int], rows: Sequence[tuple[int, *tuple[str, ...]]]) -> None:
        say = self._wording.say
        sheet = self._sheet(say(f"pack.sheet_{what}"), self._pack.area.name, self._note(self._pack.comparison))
        self._heads(sheet, say(f"pack.columns_{what}").split("|"), widths)
        for row, (number, *cells) in enumerate(rows, _HEAD_ROW + 1):
            _heighten(sheet, row, zip(cells, widths[1:], strict=True))
            sheet.write_number(row, 0, number, self._styles.text)
            for column, cell in enumerate(cells, 1):
                sheet.write_string(row, column, cell, self._styles.text)


def _heighten(sheet: Worksheet, row: int, cells: Iterable[tuple[str, int]]) -> None:
    """Makes the row as high as its longest text needs: not every program does so by itself. cells: texts and widths."""
    lines = max(sum(len(wrap(line, int(width * _LETTERS))) or 1 for line in text.split("\n")) for text, width in cells)
    if lines > 1:
        sheet.set_row(row, min(_LINE_PT * lines, _MOST_PT))
