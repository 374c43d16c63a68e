"""Changes noted by an import in, what is new, changed and ended, sheet by sheet and in words, out."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from bot.spreadsheet.sheets import SHEETS
from handlers.wording.speech import Wording

What = Literal["new", "changed", "ended"]
KINDS: Final[tuple[What, ...]] = ("new", "changed", "ended")
MOST_LINES: Final = 20  # of one kind in one sheet; the rest is counted


@dataclass(slots=True)
class Difference:
    """What an import changes: by sheet and kind, each row's code and what is said of it, in the file's order."""

    lines: dict[tuple[str, What], dict[str, list[str]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)  # what to think of, after the changes

    def note(self, sheet: str, what: What, code: str, text: str) -> None:
        """A change of one row. Of a row that is new or ends, further changes are part of that."""
        known = self.lines.setdefault((sheet, what), {})
        if what == "changed" and any(code in self.lines.get((sheet, other), ()) for other in ("new", "ended")):
            return
        if what == "ended":
            self.lines.get((sheet, "changed"), {}).pop(code, None)
            if code in self.lines.get((sheet, "new"), ()):
                return
        known.setdefault(code, []).append(text)

    def __bool__(self) -> bool:
        return any(self.lines.values())

    def told(self, wording: Wording) -> Iterator[str]:
        """Lines for the office: a count per sheet, then the changes."""
        if not self:
            yield wording.say("difference.nothing")
            return
        for sheet in SHEETS:
            parts = {what: self.lines.get((sheet.key, what), {}) for what in KINDS}
            if not any(parts.values()):
                continue
            counts = {what: str(len(found)) for what, found in parts.items()}
            yield wording.say("difference.sheet", sheet=sheet.name, **counts)
            for what, found in parts.items():
                for code, texts in list(found.items())[:MOST_LINES]:
                    text = "; ".join(texts)
                    yield "  " + wording.say(
                        "difference.new" if what == "new"
                        else "difference.changed" if what == "changed" else "difference.ended",
                        code=code, text=text,
                    )  # fmt: skip
                if len(found) > MOST_LINES:
                    yield "  " + wording.say("difference.more", more=str(len(found) - MOST_LINES))
        yield from self.notes
