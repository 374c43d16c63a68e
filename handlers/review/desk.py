"""A reviewer's words and taps in: the queue, a report opened, accepted one by one or together, a figure given back."""

import re
import unicodedata

from handlers import permissions
from handlers.commands import BRANCHES, folded
from handlers.leaders.areas import area_of
from handlers.messages import LABEL_LONGEST, Choice
from handlers.office.decisions import DecisionRefused
from handlers.office.meant import Meant
from handlers.photos.showing import PhotoViews
from handlers.report.assignment import assignment_mark
from handlers.review.giving_back import GivingBack
from handlers.review.queue import Queue, Queues
from handlers.review.reach import may_judge, sections_of
from handlers.review.steps import steps
from handlers.review.words import ReviewWords, set_mark
from handlers.routes import Asked
from handlers.turn import Turn
from handlers.wording import figure_lines
from handlers.wording.speech import Wording
from reporting.dialogue import life
from reporting.figures.catalogue import Catalogue
from reporting.reading.found.mentions import labels_of
from reporting.reading.found.names import mentions_of
from reporting.text.words import tokens_of
from reporting.time.calendar import moment
from storage.database import Database
from storage.engine.instants import instant
from storage.periods.rounds import Round
from storage.reports import narratives, notes, submissions
from storage.review import corrections, photos, waiting
from storage.review.waiting import Waiting

# "CD010103 mục cây xanh: chưa khớp biên bản", "… mục cây xanh vì thiếu biên bản", behind the word.
_WHY = r"(?::|[\s,]+(?:bởi\s+)?(?:vì|vi(?!\s+ph[aạ]m)|lý\s+do|lí\s+do|ly\s+do)(?!\w)[\s:]*)"
_NAMED = re.compile(rf"(?is)^(?P<unit>.+?)[\s,]+(?:mục|muc)\s+(?P<item>[^:]+?)\s*(?:{_WHY}\s*(?P<reason>.*))?$")
_ONE_UNIT = re.compile(r"[a-z]+ ?\d{2,}")


class ReviewDesk:
    """Takes every word and button of a review."""

    def __init__(self, db: Database, catalogue: Catalogue, wording: Wording, views: PhotoViews) -> None:
        self._db = db
        self._views = views
        self._catalogue = catalogue
        self._queues = Queues(db, catalogue)
        self._words = ReviewWords(catalogue, wording)
        self._giving = GivingBack(db, catalogue)
        self._meant = Meant(db)

    # --- what waits -----------------------------------------------------------------------------------------------

    async def queue(self, turn: Turn, asked: Asked) -> None:
        """ "duyệt", "duyệt cụm 2", "duyệt CD010103"."""
        words = folded(asked.rest)
        if _ONE_UNIT.fullmatch(words) or words.split(" ")[0] in BRANCHES:
            await self._of_unit(turn, words)
            return
        area = await area_of(self._db, turn, "review", asked.rest) if words else None
        if words and area is None:
            return
        queues = await self._queues.all(turn, area)
        if not queues:
            turn.say_key("reviewing.none")
            await self._say_of_late(turn)
            return
        self._say(turn, queues[0], "", queues[1:], area.mark if area else "")
        await self._say_of_photos(turn, queues[0])
        await self._say_of_late(turn)

    async def _say_of_photos(self, turn: Turn, queue: Queue) -> None:
        """Under the queue: of how many of the reports there are photos."""
        sent = await photos.counts(self._db, queue.round.id)
        count = sum(report.code in sent for report in queue.waiting) if sent else 0
        if count and turn.reply is not None:
            turn.reply["text"] += f"\n{turn.wording.say('photo.reports', count=count)}"

    async def _say_of_late(self, turn: Turn) -> None:
        """Under the queue: what units ask to correct after the lock, to whom that is to decide."""
        count = len(await corrections.waiting(self._db)) if permissions.may("amend", turn.roles) else 0
        if count and turn.reply is not None:
            turn.reply["text"] += f"\n{turn.wording.say('amend.waiting', count=count)}"

    async def waiting(self, turn: Turn) -> tuple[str, list[Choice]]:
        """How many reports wait for the person, with the button to them; ('', []) where none does."""
        queues = await self._queues.all(turn) if permissions.may("review", turn.roles) else []
        count = sum(len(queue.waiting) for queue in queues)
        if not count:
            return "", []
        say = turn.wording.say
        return say("reviewing.waiting", count=count), [Choice(say("label.accept"), f"review:{queues[0].round.code}")]

    def _say(
        self, turn: Turn, queue: Queue, before: str = "", others: list[Queue] | None = None, area: str = ""
    ) -> None:
        if not queue.waiting and not queue.own:
            turn.say("\n".join(filter(None, [before, turn.wording.say("reviewing.none_left")])))
            return
        text, choices = self._words.queue(queue.round, queue.waiting, queue.found, queue.own, (area, queue.first))
        if sections_of(turn) is not None:
            choices = [choice for choice in choices if choice.data.startswith("review:")]
        choices += [Choice(q.round.period.name[:LABEL_LONGEST], f"review:{q.round.code}") for q in others or ()]
        turn.say("\n".join(filter(None, [before, text])), choices)

    async def _onward(self, turn: Turn, round_: Round, done: str) -> None:
        """What was done, and what waits now; what this very turn has judged does not any more."""
        if round_.state == "closed":
            turn.say(done)
            return
        queue, gone = await self._queues.of(turn, round_), turn.judged
        left = [report for report in queue.waiting if report.unit_id not in gone]
        found = {unit: one for unit, one in queue.found.items() if unit not in gone}
        self._say(turn, Queue(round_, left, found, queue.own), done)

    async def looked(self, turn: Turn, asked: Asked) -> None:
        """A tap: "review:PERIOD", also with ":FIRST:AREA", the queue again, "review:MARK" one report of it."""
        if asked.rest.count(":") == 2 or "@" not in asked.rest:
            code, _, start = asked.rest.partition(":")
            first, _, mark = start.partition(":")
            area = await area_of(self._db, turn, "review", mark) if mark else None
            queues = await self._queues.all(turn, area, int(first or 0))
            chosen = next((queue for queue in queues if queue.round.code == code), None)
            if chosen is None:
                turn.say_key("reviewing.none")
            else:
                self._say(turn, chosen, area=mark)
            return
        found = await self._queues.named(turn, asked.rest)
        if found is None:
            turn.say_key("problem.stale")
        else:
            await self._open(turn, *found)

    async def _of_unit(self, turn: Turn, words: str) -> None:
        if (found := await self._report_of(turn, words)) is not None:
            await self._open(turn, *found)

    async def _report_of(self, turn: Turn, words: str) -> tuple[Round, Waiting] | None:
        """The latest report of the unit that is meant; None once it is answered why there is none to judge."""
        try:
            unit = await self._meant.unit(words, turn.today, permissions.units("review", turn.roles))
        except DecisionRefused as refusal:
            turn.say(refusal.remark.vietnamese(turn.wording))
            return None
        found = await self._queues.latest(turn, unit.id)
        if found is None:
            turn.say_key("reviewing.not_yours", unit=unit.known_as)
        return found

    async def _open(self, turn: Turn, round_: Round, report: Waiting, before: str = "") -> None:
        held = await submissions.held(self._db, round_.id, round_.code, report.unit_id)
        values, sections = held.draft.values, sections_of(turn)
        found = await self._queues.found(turn, round_, report)
        if sections is not None:
            values = {code: value for code, value in values.items() if self._queues.section(code) in sections}
            found = [one for one in found if one.indicator in values]
        accepts = await self._refusal(turn, round_, report) == ""
        said = await narratives.of_unit(self._db, round_.id, report.unit_id) if sections is None else {}
        told = self._words.noted(await notes.noted(self._db, round_.id, report.unit_id), values, found)
        told += [
            turn.wording.say("narrative.shown", part=turn.wording.say(f"narrative.{part}"), text=text)
            for part, text in said.items()
        ]
        pictured, see = await self._views.counted(turn, round_, report.unit_id)
        told += [pictured] if pictured else []
        text, choices = self._words.report(round_, report, values, found, accepts, told)
        if not isinstance(life.move(report.state, "return"), life.Move):
            choices = choices[-1:]
        elif not accepts and sections is None:  # a department gives back and accepts nothing
            before = before or (await self._refusal(turn, round_, report))
        turn.say("\n".join(filter(None, [before, text])), [*choices[:-1], *see, *choices[-1:]])

    # --- accepting ------------------------------------------------------------------------------------------------

    async def _refusal(self, turn: Turn, round_: Round, report: Waiting) -> str:
        """Why the person cannot accept the report as it stands; '' where he can."""
        say, named = turn.wording.say, {"unit": report.name, "period": round_.period.name}
        if not may_judge(turn, "accept", report):
            return say("accepting.not_yours", **named)
        if round_.state == "closed":
            return say("accepting.locked", **named)
        if not isinstance(life.move(report.state, "accept"), life.Move):
            return self._settled(turn, round_, report)
        wanted = await steps(self._db, turn)
        if not wanted.act(turn, report):
            passed = say("accepting.is", **named, state=say("accepting.passed_on"))
            return say("accepting.first", **named) if wanted.first_due(report) else passed
        held_back = report.own and not await self._queues.own_allowed()
        return say("accepting.own", **named) if held_back else ""

    @staticmethod
    def _settled(turn: Turn, round_: Round, report: Waiting) -> str:
        """What somebody else has decided, or why nobody can yet."""
        say = turn.wording.say
        named = {"unit": report.name, "period": round_.period.name, "state": say(f"submission.{report.state}")}
        if not report.reviewed_at:
            return say("accepting.is", **named)
        return say("accepting.settled", **named, name=report.reviewed_by, moment=moment(instant(report.reviewed_at)))

    async def accept(self, turn: Turn, asked: Asked) -> None:
        """ "accept:MARK.REV": the report as it was shown; one that has changed since is shown once more."""
        mark, _, rev = asked.rest.partition(".")
        found = await self._queues.named(turn, mark)
        if found is None:
            turn.say_key("problem.stale")
            return
        round_, report = found
        if refusal := await self._refusal(turn, round_, report):
            await self._onward(turn, round_, refusal)
        elif str(report.rev) != rev:
            await self._open(turn, round_, report, turn.wording.say("accepting.changed"))
        else:
            passed = await self._accept(turn, round_, [report])
            await self._onward(
                turn, round_, turn.wording.say("accepting.passed" if passed else "accepting.done", unit=report.name)
            )

    async def _accept(self, turn: Turn, round_: Round, reports: list[Waiting]) -> bool:
        """Whether the reports now wait for the second of two reviewers."""
        wanted, person = await steps(self._db, turn), turn.standing.person_id
        first = [report for report in reports if wanted.first_due(report)]
        others = [report for report in reports if not wanted.first_due(report)]
        turn.rows += waiting.judged(round_.id, first, "pass", person, turn.now, step=1)
        turn.rows += waiting.judged(round_.id, others, "accept", person, turn.now, step=1)
        turn.judged |= {report.unit_id for report in reports}
        return bool(first)

    async def accept_all(self, turn: Turn, asked: Asked) -> None:
        """ "accept_all:PERIOD:SET:AREA": all of the queue in which nothing stands out, if they are still the same."""
        code, _, rest = asked.rest.partition(":")
        known, _, mark = rest.partition(":")
        area = await area_of(self._db, turn, "review", mark) if mark else None
        queue = next((queue for queue in await self._queues.all(turn, area) if queue.round.code == code), None)
        if queue is None:
            turn.say_key("reviewing.none")
            return
        plain = [report for report in queue.plain if may_judge(turn, "accept", report)]
        if set_mark(plain) != known:
            self._say(turn, queue, turn.wording.say("accepting.changed_all"), area=mark)
            return
        passed = await self._accept(turn, queue.round, plain)
        key = "accepting.passed_all" if passed else "accepting.done_all"
        await self._onward(turn, queue.round, turn.wording.say(key, count=len(plain)))

    # --- giving back ----------------------------------------------------------------------------------------------

    async def give_back(self, turn: Turn, asked: Asked) -> None:
        """ "return:MARK:CODE": asks for the reason; "return:MARK:CODE:N": with that one."""
        mark, code, number = [*asked.rest.split(":"), "", ""][:3]
        found = await self._queues.named(turn, mark)
        if found is None or code not in self._catalogue or not self._judges(turn, code):
            turn.say_key("problem.stale")
        elif reason := self._words.reason(number):
            await self._give(turn, *found, [code], reason)
        else:
            await self._ask_reason(turn, *found, [code])

    async def named_back(self, turn: Turn, asked: Asked) -> None:
        """ "trả lại CD010103 mục cây xanh: chưa khớp biên bản"; or the reason that was asked for."""
        if asked.expects == "return":
            mark, _, code = turn.state.returning.partition(":")
            found = await self._queues.named(turn, mark)
            turn.state.expects, turn.state.returning = "", ""
            if found is None:
                turn.say_key("problem.stale")
            else:
                await self._give(turn, *found, code.split("+"), asked.text)
            return
        named = _NAMED.match(unicodedata.normalize("NFC", asked.rest))
        if named is None:
            turn.say_key("returning.how")
            return
        found = await self._report_of(turn, folded(named["unit"]))
        if found is None:
            return
        if (
            found[0].state == "closed" and turn.rounds
        ):  # the last one of a unit that has sent none in the running period
            period = turn.rounds[0].period.name
            turn.say_key("returning.not_sent", unit=found[1].name, period=period)
            return
        codes = await self._indicators(turn, *found, named["item"])
        if codes and (named["reason"] or "").strip():
            await self._give(turn, *found, codes, named["reason"])
        elif codes:
            await self._ask_reason(turn, *found, codes)

    async def say_of_left(self, turn: Turn, returning: str) -> None:
        """Above the answer to something else: that a figure was not given back, as nobody told why.

        returning: as the chat's state had it ahead of this message.
        """
        asked = turn.state.returning if turn.state.expects == "return" else ""
        if turn.state.returning == "" or asked == returning:
            return  # it is given back, or asked about still
        turn.state.returning = asked
        mark, _, code = returning.partition(":")
        found = await self._queues.named(turn, mark)
        codes = [one for one in code.split("+") if one in self._catalogue]
        if found is not None and codes:
            labels = figure_lines.labels(self._catalogue, codes)
            line = turn.wording.say("returning.left", unit=found[1].name, label=labels)
            if turn.reply is None:
                turn.say(line)
            else:
                turn.reply["text"] = f"{line}\n{turn.reply['text']}"

    def _judges(self, turn: Turn, code: str) -> bool:
        sections = sections_of(turn)
        return sections is None or self._queues.section(code) in sections

    async def _indicators(self, turn: Turn, round_: Round, report: Waiting, words: str) -> list[str]:
        """The items that are meant, those named for sure also where the unit has not reported them.

        None once it is asked which.
        """
        held = await submissions.held(self._db, round_.id, round_.code, report.unit_id)
        mentions = [mention.codes for mention in mentions_of(labels_of(self._catalogue), tokens_of(words))]
        said = {code for codes in mentions for code in codes}
        said |= {i.code for i in self._catalogue.indicators.values() if folded(i.short) == folded(words)}
        reported = [code for code in held.draft.values if code in said and self._judges(turn, code)]
        each = [[code for code in codes if code in reported] for codes in mentions]
        sure = [codes or list(meant) for codes, meant in zip(each, mentions, strict=True)]
        if len(reported) == 1 and len(sure) < 2:
            return reported
        if reported and all(len(codes) == 1 for codes in sure):
            return list(dict.fromkeys(code for codes in sure for code in codes))
        if len(said) == 1 and not reported:
            label = self._catalogue[next(iter(said))].short
            turn.say_key("returning.never_given", unit=report.name, label=label, period=round_.period.name)
        else:
            shown = reported or [c for c in held.draft.values if c in self._catalogue and self._judges(turn, c)]
            turn.say_key("returning.which", labels=figure_lines.labels(self._catalogue, shown))
        return []

    async def _ask_reason(self, turn: Turn, round_: Round, report: Waiting, codes: list[str]) -> None:
        """Of several figures the reason is typed: a button has no room for them."""
        values = {code: await self._giving.value(round_, report, code) for code in codes}
        if not any(values.values()):
            label = figure_lines.labels(self._catalogue, codes)
            turn.say_key("returning.never_given", unit=report.name, label=label, period=round_.period.name)
            return
        found = await self._queues.found(turn, round_, report)
        rules = [one.rule for one in found if one.indicator == codes[0]]
        choices = self._words.reasons(round_, report, codes[0], rules) if len(codes) == 1 else []
        shown = figure_lines.listed(self._catalogue, [(code, value) for code, value in values.items() if value])
        key = "returning.why" if choices else "returning.why_all"
        turn.say(turn.wording.say(key, unit=report.name, value=shown), choices)
        turn.state.expects = "return"
        turn.state.returning = f"{assignment_mark(round_.code, report.unit_id)}:{'+'.join(codes)}"

    async def _give(self, turn: Turn, round_: Round, report: Waiting, codes: list[str], reason: str) -> None:
        if not all(self._judges(turn, code) for code in codes):
            turn.say_key("help.no_rights")
            return
        rows, turn.state.returning = len(turn.rows), ""
        done = await self._giving.give(turn, round_, report, codes, reason)
        if len(turn.rows) > rows:
            turn.judged |= {report.unit_id}
        await self._onward(turn, round_, done)
