"""The office's own names of a spreadsheet beside those in use: rows of "Từ riêng" in, statements and events out."""

from collections.abc import Sequence
from datetime import datetime

from bot.spreadsheet.difference import Difference
from bot.spreadsheet.rows import Book, SheetRow
from bot.spreadsheet.sheets import WORDS
from reporting.figures.catalogue import Catalogue
from reporting.reading.taught import as_taught, in_plain, refusal
from storage.database import Statement
from storage.organisation import office_words
from storage.organisation.office_words import OfficeWord
from storage.reports.events import happened


class OwnNames:
    """Takes up the names of the sheet "Từ riêng"; one that is not in the file stays."""

    def __init__(self, book: Book, catalogue: Catalogue, now: datetime, difference: Difference) -> None:
        self._book, self._catalogue, self._now, self._difference = book, catalogue, now, difference
        self.rows: list[Statement] = []
        self.events: list[Statement] = []

    def plan(self, in_use: Sequence[OfficeWord]) -> None:
        """All changes, beside the names in use."""
        known = {in_plain(word.phrase): word for word in in_use}
        for row in self._book.rows.get(WORDS.key, ()):
            self._name(row, known)

    def _name(self, row: SheetRow, known: dict[str, OfficeWord]) -> None:
        code, phrase = row["indicator"], as_taught(row["phrase"] or "")
        if code is None or not row["phrase"]:
            return
        old = known.get(in_plain(phrase))
        if old is not None and (old.phrase, old.code) == (phrase, code):
            return
        if (why := refusal(phrase, self._catalogue)) is not None:
            said = self._book.wording.say(f"no_name.{why}")
            self._book.fault(row, "phrase", "no_name", text=phrase or row["phrase"], why=said)
        if row.wrong:
            return
        self.rows += office_words.give(phrase, code, self._now)
        self.events.append(happened("word.given", code, None, self._now))
        label = self._catalogue[code].short
        if old is None:
            self._difference.note(WORDS.key, "new", phrase, label)
        else:
            before = self._catalogue[old.code].short if old.code in self._catalogue else old.code
            words = self._book.wording.say(
                "difference.edited", column=WORDS.column("indicator").heading, old=before, new=label
            )
            self._difference.note(WORDS.key, "changed", phrase, words)
