"""Effects of the dialogue in, texts and the choices under them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from handlers.messages import Choice
from handlers.wording import figure_lines
from handlers.wording.speech import Wording, bold
from reporting.dialogue import effects as on
from reporting.dialogue.doubts import RULES
from reporting.dialogue.draft import SAID_NONE, Draft, Position, UnclearWords, is_taken_over
from reporting.dialogue.points import MOST_CANDIDATES, MOST_POINTS
from reporting.figures.catalogue import Catalogue, Level
from reporting.figures.forms import Form
from reporting.figures.values import Value
from reporting.reading.outcome import Left

# So many zeros in a table share one line.
FEWEST_ZEROS = 4
MOST_LEFT_OUT = 5
MOST_MISSING = 6  # of what a pasted report does not name, by name
MOST_NONE = 24  # of what is said to be nothing, by name


@dataclass(frozen=True, slots=True)
class ReportWords:
    """Words effects of the dialogue; `where` is the mark of a report that buttons carry."""

    catalogue: Catalogue
    wording: Wording

    def ask_choices(self, ask: on.Ask, where: str) -> list[Choice]:
        """What may be tapped under a question."""
        say = self.wording.say
        if ask.returned:
            stands = [Choice(say("label.stands"), f"stands:{where}:{code}") for code in ask.returned]
            return [*stands, Choice(say("label.later"), f"later:{where}")]
        choices = [Choice(say("label.none"), f"none:{where}:{ask.question.code}")]
        if len(ask.recorded) == len(ask.missing):
            choices.insert(0, Choice(say("label.keep"), f"keep:{where}:{ask.question.code}"))
        if ask.before and all(code in ask.before for code in ask.missing):
            choices.append(Choice(say("label.before"), f"before:{where}:{ask.question.code}"))
        return [*choices, Choice(say("label.later"), f"later:{where}")]

    def yes_no(self, where: str, position: Position, sends: on.Sends = "") -> list[Choice]:
        """What may be tapped under values that are to be confirmed. sends: what one yes may send."""
        say = self.wording.say
        right = Choice(say("label.right"), f"yes:{where}:{position.mark}")
        correct = Choice(say("label.correct"), f"edit:{where}")
        if sends == "whole":
            return [Choice(say("label.submit"), f"submit:{where}:{position.mark}"), correct, right]
        rest = [Choice(say("label.rest"), f"rest:{where}:{position.mark}")] if sends else []
        return [right, correct, *rest]

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

    def left_out(self, parts: Sequence[Left]) -> str:
        """What was read and is not written down, each with why, in one line."""
        say, told = self.wording.say, list[str]()
        for part in parts[:MOST_LEFT_OUT]:
            known = self.wording.has(f"left_out.{part.rule}")
            why = say(f"left_out.{part.rule}") if known else say("left_out.unclear")
            told.append(say("left_out.part", source=" ".join(part.source.split()), why=why))
        more = len(parts) - len(told)
        return say("left_out.line", parts=", ".join(told)) + (" " + say("left_out.more", count=more) if more else "")

    def waiting(self, effect: on.StillOpen) -> str:
        """What is open and how far the report is, in one line."""
        open_ = figure_lines.labels(self.catalogue, effect.missing)
        return self.wording.say("review.waiting", labels=open_, given=effect.given, total=effect.total)

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
        reasons = {doubt: [(code, value) for code, value, why in doubted.values if why == doubt] for doubt in RULES}
        lines = [
            say(f"doubt.{doubt}", values=figure_lines.listed(self.catalogue, values))
            for doubt, values in reasons.items()
            if values
        ]
        odd = len(lines)
        likely = [(code, value) for code, value, why in doubted.values if why == "likely"]
        none = [(code, value) for code, value in likely if not value.amount]
        read_from: dict[str, list[tuple[str, Value]]] = {}
        for code, value in likely:
            if len(none) > 1 and not value.amount:
                continue
            read_from.setdefault(value.source, []).append((code, value))
        lines += [
            say("confirm.likely", values=figure_lines.listed(self.catalogue, values), source=source)
            for source, values in read_from.items()
        ]
        if zeros := none if len(none) > 1 else []:  # "hết rồi" to a question: one statement about all that it asks
            open_ = figure_lines.labels(self.catalogue, [code for code, _ in zeros], MOST_NONE)
            said = zeros[0][1].source
            lines.append(
                say("confirm.none_left", labels=open_)
                if said == SAID_NONE
                else say("confirm.none", labels=open_, source=said)
            )
        changed = [
            say(
                "confirm.changed_one",
                label=named.short,
                old=figure_lines.amount(named, old),
                new=figure_lines.amount(named, v),
            )
            for code, v, _ in doubted.values
            if (old := doubted.old.get(code)) is not None and (named := self.catalogue[code])
        ]
        lines += [say("confirm.changed", changes="; ".join(changed))] if changed else []
        return "\n".join([*lines, say("confirm.right" if odd else "confirm.right_only")])

    def table(self, table: on.ConfirmTable) -> str:
        """What a pasted report was read as: recorded, unclear, missing."""
        say = self.wording.say
        lines = list[str]()
        for code, value in table.proposed.items():  # what is doubted comes first
            row = figure_lines.named(self.catalogue[code], value)
            lines.append(say("table.row_proposed", value=row, source=" ".join(value.source.split())))
        if lines:
            lines.insert(0, say("table.proposed"))
        lines += [say("table.recorded")] if table.values else []
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
        unclear = [u for u in table.unclear if not _is_proposed(u, table.proposed)]
        if unclear:
            lines.append(say("table.unclear"))
            lines += [self._row_unclear(point, n, table.known) for n, point in enumerate(unclear[:MOST_POINTS], 1)]
        if more := len(unclear[MOST_POINTS:]):
            lines.append(say("table.more_unclear", count=more))
        if table.foreign:
            lines.append(say("table.foreign", values=figure_lines.listed(self.catalogue, table.foreign)))
        return "\n".join([*lines, *self._end_of_table(table)])

    def _row_unclear(self, point: UnclearWords, number: int, known: Mapping[str, Value]) -> str:
        """An unclear piece under a table, and by which name or mark the next message answers it."""
        say, source = self.wording.say, _in_line(point)
        if point.value is None:
            key = "table.row_number" if len(point.codes) == 1 else "table.row_named"
            return say(key, source=source, labels=figure_lines.labels(self.catalogue, point.codes))
        amounts = {code: figure_lines.amount(self.catalogue[code], value) for code, value in known.items()}
        options = zip(ascii_lowercase, point.codes[:MOST_CANDIDATES], strict=False)
        marked = "; ".join(f"{number}{letter} {self._option(code, point, amounts)}" for letter, code in options)
        return say("table.row_which", source=source, options=marked)

    def _end_of_table(self, table: on.ConfirmTable) -> list[str]:
        """What the report lacks, what goes with it as it was, and what may be answered."""
        say, lines, kept = self.wording.say, list[str](), dict(table.kept)
        if missing := [code for code in table.missing if code not in kept]:
            most = len(missing) if table.sends else MOST_MISSING  # what a yes calls nothing is named
            lines.append(say("table.missing", labels=figure_lines.labels(self.catalogue, missing, most)))
        if kept:
            lines.append(say("review.kept", values=figure_lines.listed(self.catalogue, table.kept)))
        if table.sends == "whole":
            return [*lines, say("table.send_or_reason" if table.doubts else "table.send")]
        return [*lines, say("table.right_or_reason" if table.doubts else "table.right")]

    def clarify(self, effect: on.Clarify, position: Position, where: str) -> tuple[str, list[Choice], bool]:
        """The card of unclear pieces, its choices, and whether a number may choose among them."""
        say, points = self.wording.say, effect.points
        more = " " + say("clarify.left", left=effect.left) if effect.left else ""
        if len(points) == 1:
            text, choices = self._point(points[0], position, where, 0, effect.known)
            return text + more, [*choices, Choice(say("label.skip"), f"skip:{where}:0.{position.mark}")], bool(choices)
        lines, choices = [say("clarify.heading", count=len(points)) + more], []
        if effect.proposed:
            choices.append(Choice(say("label.all_right"), f"yes:{where}:{position.mark}"))
        for number, point in enumerate(points):
            if _is_proposed(point, effect.proposed) and point.value is not None:
                value = figure_lines.named(self.catalogue[point.codes[0]], point.value)
                text = say("confirm.likely", values=value, source=_in_line(point))
                offered = [Choice(say("label.not_this", number=number + 1), f"skip:{where}:0@{number}.{position.mark}")]
            else:
                text, offered = self._point(point, position, where, number, effect.known)
                offered = [
                    Choice(f"{number + 1}{letter}. {choice.label}", choice.data)
                    for letter, choice in zip(ascii_lowercase, offered, strict=False)
                ]
            lines.append(say("clarify.row", number=number + 1, text=text))
            choices += offered
        lines.append(say("clarify.how_all" if effect.proposed else "clarify.how"))
        return "\n".join(lines), [*choices, Choice(say("label.skip_all"), f"skip:{where}:all.{position.mark}")], False

    def ways(self, effect: on.Ways) -> str:
        """What may be typed to answer a doubt, in a line."""
        say, points = self.wording.say, effect.points
        short = " ".join(effect.said.split())
        lines = [say("problem.other", source=short if len(short) <= 60 else short[:57] + "…")] if short else []
        if len(points) > 1:
            marks = (
                say("clarify.way_number", number=number, label=self.catalogue[point.codes[0]].short)
                if point.value is None
                else f"{number}a"
                for number, point in enumerate(points, 1)
            )
            key = "clarify.ways_all" if effect.proposed else "clarify.ways"
            return " ".join([*lines, say(key, example=", ".join(marks))])
        if not points:
            key = "confirm.ways"
        else:
            key = "clarify.ways_number" if points[0].value is None else "clarify.ways_which"
        return " ".join([*lines, say(key)])

    def sources(self, key: str, sources: Sequence[str]) -> str:
        """A line about pieces that wait, or are left out."""
        told = [" ".join(source.split()) for source in dict.fromkeys(sources)]
        return self.wording.say(key, parts="”, “".join(part if len(part) <= 60 else part[:57] + "…" for part in told))

    def _point(
        self, point: UnclearWords, position: Position, where: str, number: int, known: Mapping[str, Value]
    ) -> tuple[str, list[Choice]]:
        """The question about one piece, and its candidates as choices."""
        say = self.wording.say
        source, names = _in_line(point), figure_lines.labels(self.catalogue, point.codes)
        amounts = {code: figure_lines.amount(self.catalogue[code], value) for code, value in known.items()}
        if point.value is not None and len(point.codes) == 1 and point.codes[0] in known:
            [code] = point.codes
            new = figure_lines.amount(self.catalogue[code], point.value)
            label = say("clarify.replaces", label=self.catalogue[code].short, old=amounts[code], new=new)
            choice = Choice(label, f"pick:{where}:0@{number}.{position.mark}")
            return say("clarify.replace", source=source, label=names, old=amounts[code], new=new), [choice]
        if point.value is None:
            key = "clarify.number" if len(point.codes) == 1 else "clarify.named"
            return say(key, source=source, labels=names), []
        options = [
            Choice(self._option(code, point, amounts), f"pick:{where}:{index}@{number}.{position.mark}")
            for index, code in enumerate(point.codes[:MOST_CANDIDATES])
        ]
        return say("clarify.which", source=source), options

    def _option(self, code: str, point: UnclearWords, known: Mapping[str, str]) -> str:
        """An item that a piece may be; where it has another number, both, so that nothing is replaced unseen."""
        short, value = self.catalogue[code].short, point.value
        if value is None or (code not in known and len(point.codes) > 1):
            return short
        if code not in known:
            return figure_lines.named(self.catalogue[code], value)
        new = figure_lines.amount(self.catalogue[code], value)
        return self.wording.say("clarify.replaces", label=short, old=known[code], new=new)

    def review(self, names: dict[str, str], draft: Draft, kept: tuple[tuple[str, Value], ...]) -> str:
        """The whole draft by section, to be sent: first what is unusual or only repeats last period."""
        say = self.wording.say
        unusual = {c: v for c, v in draft.values.items() if v.note and not is_taken_over(v)}
        same = {c: v for c, v in draft.values.items() if is_taken_over(v) and not self.catalogue[c].stands}
        lines = [bold(say("review.heading", **names))]
        if unusual:
            lines.append(say("review.unusual", values=figure_lines.listed(self.catalogue, unusual.items())))
        if same:
            repeated = figure_lines.listed(self.catalogue, same.items())
            lines.append(say("review.same", count=len(same), values=repeated))
        lines += figure_lines.by_section(self.wording, self.catalogue, draft.values)
        if kept:
            lines += ["", say("review.kept", values=figure_lines.listed(self.catalogue, kept))]
        return "\n".join([*lines, "", say("review.end")])

    def review_again(self, kept: tuple[tuple[str, Value], ...]) -> str:
        """That the draft waits to be sent, where all of it was shown a moment ago."""
        say = self.wording.say
        lines = [say("review.kept", values=figure_lines.listed(self.catalogue, kept))] if kept else []
        return "\n".join([*lines, say("review.end_again")])

    def shown(self, names: dict[str, str], draft: Draft, given: int, total: int) -> str:
        """The draft as it stands."""
        say = self.wording.say
        if not draft.values:
            return say("review.empty", period=names["period"])
        if draft.returned:
            end = say("review.returned", labels=", ".join(self.catalogue[code].short for code in draft.returned))
        elif draft.sent:
            end = say("receipt.already", **names)
        else:
            end = say("review.draft", given=given, total=total)
        return "\n".join(
            [
                bold(say("review.heading", **names)),
                *figure_lines.by_section(self.wording, self.catalogue, draft.values),
                "",
                end,
            ]
        )


def _is_proposed(point: UnclearWords, proposed: Mapping[str, Value]) -> bool:
    return len(point.codes) == 1 and point.value is not None and proposed.get(point.codes[0]) == point.value


def _in_line(point: UnclearWords) -> str:
    """The words of a piece, and the line they stand in where that says more."""
    source = " ".join(point.source.split())
    return source if not point.line else f"{source}” trong “{point.line}"


def _changes(table: on.ConfirmTable, code: str, value: Value) -> bool:
    old = table.old.get(code)
    return old is not None and (old.amount, old.approx) != (value.amount, value.approx)
