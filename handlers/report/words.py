"""Effects of the dialogue in, texts and the choices under them out."""

from dataclasses import dataclass

from handlers.messages import Choice
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue import effects as on
from reporting.dialogue.draft import Draft, Position
from reporting.figures.catalogue import Catalogue, Level
from reporting.figures.forms import Form
from reporting.figures.values import Value

# So many zeros in a table share one line.
FEWEST_ZEROS = 4


@dataclass(frozen=True, slots=True)
class ReportWords:
    """Words effects of the dialogue; `where` is the mark of a report that buttons carry."""

    catalogue: Catalogue
    wording: Wording

    def ask_choices(self, ask: on.Ask, where: str) -> list[Choice]:
        """What may be tapped under a question."""
        say = self.wording.say
        choices = [Choice(say("label.none"), f"none:{where}:{ask.question.code}")]
        if len(ask.recorded) == len(ask.missing):
            choices.insert(0, Choice(say("label.keep"), f"keep:{where}:{ask.question.code}"))
        if ask.before and all(code in ask.before for code in ask.missing):
            choices.append(Choice(say("label.before"), f"before:{where}:{ask.question.code}"))
        return [*choices, Choice(say("label.later"), f"later:{where}")]

    def yes_no(self, where: str, position: Position) -> list[Choice]:
        """What may be tapped under values that are to be confirmed."""
        say = self.wording.say
        return [
            Choice(say("label.right"), f"yes:{where}:{position.mark}"),
            Choice(say("label.correct"), f"edit:{where}"),
        ]

    def review_choices(self, where: str) -> list[Choice]:
        """What may be tapped under the whole draft."""
        say = self.wording.say
        return [
            Choice(say("label.submit"), f"submit:{where}"),
            Choice(say("label.correct"), f"edit:{where}"),
            Choice(say("label.later"), f"later:{where}"),
        ]

    def problem(self, reason: str, source: str, proposal: str) -> str:
        """Why a part of a message could not be taken, in one line."""
        words = " ".join(source.split())
        short = words if len(words) <= 60 else words[:57] + "…"
        if not short and reason == "not_a_number":
            return self.wording.say("problem.nothing_read")
        key = f"problem.{reason}"
        if not self.wording.has(key):
            key = "problem.ambiguous"
        if reason == "separator" and not proposal:
            key = "problem.indefinite"
        return self.wording.say(key, source=short, proposal=proposal)

    def waiting(self, effect: on.StillOpen) -> str:
        """What is open and how far the report is, in one line."""
        open_ = figure_lines.labels(self.catalogue, effect.missing)
        return self.wording.say("review.waiting", labels=open_, answered=effect.answered, total=effect.total)

    def summed(self, code: str, known: Value, more: Value, total: Value) -> str:
        """How what was told on top was counted, and how to say that it is the whole."""
        named = self.catalogue[code]
        parts = {"known": figure_lines.amount(named, known), "more": figure_lines.amount(named, more)}
        whole = figure_lines.named(named, more)
        return self.wording.say(
            "table.summed", label=named.short, total=figure_lines.amount(named, total), whole=whole, **parts
        )

    def explained(self, ask: on.Ask, period: str, level: Level) -> str:
        """What a question asks, item by item, and how it is answered."""
        say = self.wording.say
        rows = [self.catalogue[code] for code in ask.missing]
        return "\n".join(
            [
                say("ask.several", period=period[:1].upper() + period[1:]),
                *(say("ask.line", label=i.label, unit=i.unit) for i in rows),
                say("ask.explained", example=figure_lines.example(ask.question, ask.missing, level)),
            ]
        )

    def nothing(self, form: Form, codes: list[str]) -> str:
        """That nothing happened: of the whole question, or of what is named."""
        question = form.holding(codes[0])
        whole = question is not None and all(i.code in codes for i in question.indicators if not i.stands)
        if whole:
            return self.wording.say("noted.nothing")
        return self.wording.say("noted.nothing_of", labels=figure_lines.labels(self.catalogue, codes, len(codes)))

    def confirm(self, doubted: on.Confirm) -> str:
        """Doubted values, each group with why, and how to answer."""
        say = self.wording.say
        reasons = {
            doubt: [(code, value) for code, value, why in doubted.values if why == doubt]
            for doubt in ("high", "far", "zero", "unmatched")
        }
        lines = [
            say(f"doubt.{doubt}", values=figure_lines.listed(self.catalogue, values))
            for doubt, values in reasons.items()
            if values
        ]
        odd = len(lines)
        likely = [(code, value) for code, value, why in doubted.values if why == "likely"]
        none = [(code, value) for code, value in likely if not value.amount]
        if len(none) > 1:  # "hết rồi" to a question: one statement about all that it asks
            likely = [pair for pair in likely if pair not in none]
            open_ = figure_lines.labels(self.catalogue, [code for code, _ in none], len(none))
            lines.append(say("confirm.none", labels=open_, source=none[0][1].source))
        lines += [
            say("confirm.likely", values=figure_lines.named(self.catalogue[code], value), source=value.source)
            for code, value in likely
        ]
        return "\n".join([*lines, say("confirm.right" if odd else "confirm.right_only")])

    def table(self, table: on.ConfirmTable) -> str:
        """What a pasted report was read as: recorded, unclear, missing."""
        say = self.wording.say
        lines = [say("table.recorded")] if table.values else []
        # Many zeros are one statement ("còn lại không phát sinh"); row by row they would bury the figures.
        zeros = [
            code for code, v in table.values if not v.amount and code not in table.old and code not in table.doubts
        ]
        zeros = zeros if len(zeros) >= FEWEST_ZEROS else []
        plain = {c: v for c, v in table.values if c not in (*zeros, *table.doubts) and not _changes(table, c, v)}
        beside = figure_lines.beside_sessions(self.catalogue, plain)
        for code, value in table.values:
            if code in zeros or code in beside:
                continue
            pair = self.catalogue[code].pair or ""
            shown = {code: value, pair: plain[pair]} if code in plain and pair in beside else {code: value}
            row = figure_lines.listed(self.catalogue, shown.items())
            if code in table.doubts:
                row = say(f"doubt_row.{table.doubts[code]}", row=row)
            if _changes(table, code, value):
                old = figure_lines.amount(self.catalogue[code], table.old[code])
                lines.append(say("table.row_changed", value=row, old=old))
            else:
                lines.append(say("table.row", value=row))
        if zeros:
            lines.append(say("table.none", labels=figure_lines.labels(self.catalogue, zeros)))
        if table.unclear:
            lines.append(say("table.unclear"))
            lines += [say("table.row_unclear", source=" ".join(u.source.split())) for u in table.unclear]
        if table.foreign:
            lines.append(say("table.foreign", values=figure_lines.listed(self.catalogue, table.foreign)))
        if table.missing:
            lines.append(say("table.missing", labels=figure_lines.labels(self.catalogue, table.missing)))
        return "\n".join([*lines, say("table.right_or_reason" if table.doubts else "table.right")])

    def clarify(
        self, effect: on.Clarify, position: Position, where: str, value: Value | None, left: int
    ) -> tuple[str, list[Choice], bool]:
        """The question about one unclear piece, its choices, and whether a number may choose among them."""
        say = self.wording.say
        unclear = effect.unclear
        source = " ".join(unclear.source.split())
        skip = Choice(say("label.skip"), f"skip:{where}")
        more = " " + say("clarify.left", left=left) if left else ""
        if value is None:
            key = "clarify.number" if len(unclear.codes) == 1 else "clarify.named"
            names = figure_lines.labels(self.catalogue, unclear.codes)
            return say(key, source=source, labels=names) + more, [skip], False
        options = [
            Choice(self.catalogue[code].short, f"pick:{where}:{index}.{position.mark}")
            for index, code in enumerate(unclear.codes)
        ]
        return say("clarify.which", source=source) + more, [*options, skip], True

    def review(self, names: dict[str, str], draft: Draft, kept: tuple[tuple[str, Value], ...]) -> str:
        """The whole draft by section, to be sent, and what goes with it as it was last period."""
        say = self.wording.say
        return "\n".join(
            [
                say("review.heading", **names),
                *figure_lines.by_section(self.wording, self.catalogue, draft.values),
                *([say("review.kept", values=figure_lines.listed(self.catalogue, kept))] if kept else []),
                say("review.end"),
            ]
        )

    def review_again(self, kept: tuple[tuple[str, Value], ...]) -> str:
        """That the draft waits to be sent, where all of it was shown a moment ago."""
        say = self.wording.say
        lines = [say("review.kept", values=figure_lines.listed(self.catalogue, kept))] if kept else []
        return "\n".join([*lines, say("review.end_again")])

    def shown(self, names: dict[str, str], draft: Draft, answered: int, total: int) -> str:
        """The draft as it stands."""
        say = self.wording.say
        if not draft.values:
            return say("review.empty", period=names["period"])
        end = say("receipt.already", **names) if draft.sent else say(
            "review.draft", answered=answered, total=total
        )  # fmt: skip
        return "\n".join(
            [say("review.heading", **names), *figure_lines.by_section(self.wording, self.catalogue, draft.values), end]
        )


def _changes(table: on.ConfirmTable, code: str, value: Value) -> bool:
    old = table.old.get(code)
    return old is not None and (old.amount, old.approx) != (value.amount, value.approx)
