"""What a chat remembers between two messages: a field for each thing, read from and written as JSON here only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from reporting.dialogue.draft import Position

# A question whose answer may be any words, which are then not read as a report.
Expected = Literal["", "petition", "hot", "erase", "return", "narrative", "conclude", "photo"]


@dataclass(frozen=True, slots=True)
class ReportPosition:
    """Where the chat stands in one report: the period's code, the unit's id, the position in its dialogue."""

    period: str
    unit: int
    position: Position

    def to_json(self) -> dict[str, Any]:
        """The position's fields with the report's beside them."""
        return {"period": self.period, "unit": self.unit, **self.position.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReportPosition":
        """The inverse of `to_json`."""
        return cls(data["period"], data["unit"], Position.from_json(data))


@dataclass(slots=True)
class ChatState:
    """What is known of a chat; everything empty before its first message.

    offered: (label, data) of the choices under the last message, None before anything was said here; numbered:
      whether a number typed next takes one of them.
    tapped: the data of the button tapped last, while nothing else has come since.
    unit, period: what was chosen to report for, by id and by code.
    report: the report in which something was said last; tables: of others, whose table waits, by assignment mark.
    expects: the question that is open. waits: a message kept until the unit or period it is about is chosen.
    order: an order of the office that waits for its yes, as written.
    album: the pictures sent together that were answered last. pictured: when a picture came, where it was the last that
      was said: those right after it are answered with it.
    photos: ids of the photos sent last, one after the other; loose: (file id, mark, caption) of those
      that wait until their unit is chosen. captioned: what waits are words under a photo.
    enrol: the id of the invite that waits for the consent.
    unknown: (phrase, number) that the last figures said and nothing here knows; a choice tells what was meant.
    concluded: conclusions of a meeting that wait for their yes (handlers/meetings/card.py).
    given: the tasks of meetings shown last, as "ID:UNIT"; task_said: what was said of one of them, as "STATE:NOTE",
      until it is told which.
    behalf: the branch that is entered for by who reports for the unit above it, by id.
    figures: the question of figures that was answered last, as written: "so quý trước" is of the same.
    returning: the report's mark and the indicator whose figure is given back, while the reason is asked for.
    """

    offered: tuple[tuple[str, str], ...] | None = None
    numbered: bool = True
    tapped: str = ""
    unit: int | None = None
    period: str = ""
    report: ReportPosition | None = None
    tables: Mapping[str, ReportPosition] = field(default_factory=dict)
    expects: Expected = ""
    waits: str = ""
    order: str = ""
    album: str = ""
    pictured: str = ""
    enrol: int | None = None
    unknown: tuple[tuple[str, str], ...] = ()
    returning: str = ""
    figures: str = ""
    concluded: Mapping[str, Any] | None = None
    behalf: int | None = None
    given: tuple[str, ...] = ()
    task_said: str = ""
    photos: tuple[int, ...] = ()
    loose: tuple[tuple[str, str, str], ...] = ()
    captioned: bool = False

    @property
    def asks_figures(self) -> bool:
        """Whether a bare number said now may be a figure, or any words an answer: it chooses nothing told unasked."""
        asked = self.report is not None and self.report.position.mode in ("asking", "confirming", "clarifying")
        return asked or bool(self.expects)

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict of what is set; `from_json` is its inverse."""
        data: dict[str, Any] = {}
        if self.offered is not None:
            data |= {"offered": [list(choice) for choice in self.offered], "numbered": self.numbered}
        for name in (
            "tapped", "unit", "period", "expects", "waits", "order", "album", "pictured", "enrol", "returning",
            "behalf", "concluded", "figures", "task_said",
        ):  # fmt: skip
            if (value := getattr(self, name)) not in ("", None):
                data[name] = value
        if self.report is not None:
            data["report"] = self.report.to_json()
        if self.unknown:
            data["unknown"] = [list(pair) for pair in self.unknown]
        if self.photos:
            data["photos"] = list(self.photos)
        if self.given:
            data["given"] = list(self.given)
        if self.captioned:
            data["captioned"] = True
        if self.loose:
            data["loose"] = [list(photo) for photo in self.loose]
        if self.tables:
            data["tables"] = {mark: report.to_json() for mark, report in self.tables.items()}
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ChatState":
        """What was stored, by this version or an earlier one. A key that no field has is dropped: it is a question of
        a version that is gone, and nothing here could end it."""
        offered, report = data.get("offered"), data.get("report")
        return cls(
            offered=None if offered is None else tuple((label, str(choice)) for label, choice in offered),
            numbered=data.get("numbered", True),
            tapped=data.get("tapped", ""),
            unit=data.get("unit"),
            period=data.get("period", ""),
            report=ReportPosition.from_json(report) if report else None,
            tables={mark: ReportPosition.from_json(kept) for mark, kept in data.get("tables", {}).items()},
            expects=cast(Expected, data.get("expects", "")),
            waits=data.get("waits", ""),
            order=data.get("order", ""),
            album=data.get("album", ""),
            pictured=data.get("pictured", ""),
            enrol=data.get("enrol"),
            unknown=tuple((phrase, number) for phrase, number in data.get("unknown", ())),
            returning=data.get("returning", ""),
            concluded=data.get("concluded"),
            figures=data.get("figures", ""),
            behalf=data.get("behalf"),
            given=tuple(data.get("given", ())),
            task_said=data.get("task_said", ""),
            photos=tuple(data.get("photos", ())),
            captioned=data.get("captioned", False),
            loose=tuple((file_id, mark, caption) for file_id, mark, caption in data.get("loose", ())),
        )
