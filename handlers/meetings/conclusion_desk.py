"""What a meeting concluded in words in; a card to be looked over, and after the yes tasks of units, out."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import permissions
from handlers.commands import Spoken, folded, spoken
from handlers.leaders.areas import names_part, running_told_of
from handlers.leaders.named_cluster import cluster_called
from handlers.meetings.called_units import CalledUnits
from handlers.meetings.card import MOST, ConclusionCard, NoChange, NotOnCard
from handlers.meetings.concluded import Conclusion, concluded
from handlers.meetings.task_desk import TaskDesk
from handlers.messages import Choice
from handlers.routes import Asked
from handlers.task_words import shortened
from handlers.turn import Turn, fresh_id
from reporting.text.masking import masked
from reporting.time.as_written import NotADay
from reporting.time.calendar import short_day
from storage.database import Database
from storage.organisation import units
from storage.organisation.units import Cluster, Unit
from storage.people import people
from storage.periods import rounds, tasks
from storage.periods.rounds import Round
from storage.periods.tasks import NewTask
from storage.reports.events import happened

JUST_MET = timedelta(days=7)  # a meeting so long ago is the one that is meant where none is named
MOST_EDITED = 6  # buttons to change one; the others are changed by their number
MOST_NAMED = 4  # units in one line
MOST_SHOWN = 200  # characters of one on the card
MOST_REFUSED = 80  # of what is not understood
MOST_NOTED = 60  # of what is left out
LONGEST = 3000  # characters of one conclusion


_RIGHT = Spoken("right")


class _Meeting:
    """Of which meeting it is, and what is known of its units."""

    def __init__(
        self, round_: Round, cluster: Cluster | None, every: Sequence[Unit], clusters: Sequence[Cluster]
    ) -> None:
        self.round = round_
        self.cluster = cluster
        inside = [one for one in every if cluster is None or one.cluster == cluster.code]
        self.members = [one.id for one in units.top_units(inside)]
        self.top = [one.id for one in every if one.level == "tinh_doan"]  # the office hears what it has to do
        self.allowed = frozenset([*(one.id for one in inside), *self.top])
        self.called = CalledUnits(every, clusters, self.members, self.allowed)

    @property
    def example(self) -> str:
        """The name of one of its units."""
        return self.called.names[self.members[0]] if self.members else "…"

    def problem(self, turn: Turn, one: Conclusion) -> str:
        """Why it cannot be written down as it is, '' if it can."""
        say = turn.wording.say
        if one.unclear:
            return say("conclude.several", names=", ".join(one.unclear))
        if not one.unit_ids:
            return say("conclude.no_owner")
        outside = [self.called.names[unit] for unit in one.unit_ids if unit not in self.allowed]
        if outside:
            return say("conclude.outside", units=", ".join(outside[:MOST_NAMED]))
        if one.no_day:
            return say("conclude.no_day", words=one.no_day)
        if one.due_on is not None and one.due_on < turn.today:
            return say("conclude.past", day=short_day(one.due_on))
        return say("conclude.too_long", most=LONGEST, count=len(one.text)) if len(one.text) > LONGEST else ""

    def owners(self, turn: Turn, one: Conclusion) -> str:
        """Whose it is, in words."""
        if len(one.unit_ids) > MOST_NAMED and set(one.unit_ids) == set(self.members):
            return turn.wording.say("conclude.everybody", count=len(one.unit_ids))
        names = [self.called.names.get(unit, "?") for unit in one.unit_ids]
        more = len(names) - MOST_NAMED
        told = ", ".join(names[:MOST_NAMED])
        return turn.wording.say("conclude.more_units", units=told, more=more) if more > 0 else told


class ConclusionDesk:
    """Answers "kết luận: …" of who chairs a cluster's meeting, and of the office."""

    def __init__(self, db: Database, tasks: TaskDesk) -> None:
        self._db = db
        self._tasks = tasks

    async def asked(self, turn: Turn, asked: Asked) -> None:
        """What was said after the meeting, or a change of what is shown."""
        waiting = turn.state.concluded
        turn.state.expects = "conclude" if waiting is not None else ""
        if asked.expects == "conclude" and waiting is not None:
            said, card = spoken(asked.text), ConclusionCard.from_json(waiting)
            if folded(asked.text) == folded(turn.wording.say("label.drop_all")):
                self._drop(turn)
            else:
                await (self._write(turn, card) if said == _RIGHT else self._change(turn, card, asked.text))
            return
        if await names_part(self._db, turn, asked.rest):
            await self._tasks.listed(turn, asked)  # "kết luận cụm 2" asks for what is written down
            return
        clusters = await units.all_clusters(self._db, turn.today)
        named, text = _named_cluster(asked.rest, clusters)
        scope = permissions.clusters("conclude", turn.roles)
        allowed = [one for one in clusters if scope is None or one.id in scope]
        cluster = named or await self._just_met(turn, allowed)
        if named is not None and named not in allowed:
            turn.say_key("help.no_rights")
        elif cluster is None and scope is not None:
            turn.say_key("conclude.which_cluster", known=", ".join(one.name for one in allowed))
        elif (round_ := await self._round(turn, cluster)) is None:
            turn.say_key("period.none_open")
        else:
            await self._read(turn, await self._meeting(turn, round_, cluster), text)

    async def _read(self, turn: Turn, meeting: _Meeting, text: str) -> None:
        """Shows what the text concludes, behind what waits already of the same meeting."""
        say = turn.wording.say
        found, praise = concluded(text, meeting.called, turn.today)
        card = ConclusionCard(meeting.round.code, meeting.cluster.id if meeting.cluster else None, ())
        if turn.state.concluded is not None:
            old = ConclusionCard.from_json(turn.state.concluded)
            card = old if (old.period, old.cluster_id) == (card.period, card.cluster_id) else card
        again = await self._known(turn, meeting, found, card.items)
        items = (*card.items, *(one for one in found if one not in again))
        if not found:
            turn.say_key("conclude.nothing")
            return
        if len(items) > MOST:
            turn.say_key("conclude.too_many", most=MOST, count=len(items))
            return
        notes = [say("conclude.again", text=shortened(one.text, MOST_NOTED)) for one in again]
        notes += [say("conclude.praise", text=shortened(one, MOST_NOTED)) for one in praise]
        if items:
            self._show(turn, replace(card, items=items, editing=0), meeting, notes)
        else:
            turn.say("\n".join(notes))

    async def answered(self, turn: Turn, asked: Asked) -> None:
        """ "conclude:yes:MARK", "conclude:no:MARK", "conclude:edit:MARK:3"; of a card as it is no more, nothing."""
        act, _, rest = asked.rest.partition(":")
        mark, _, number = rest.partition(":")
        card = ConclusionCard.from_json(turn.state.concluded) if turn.state.concluded is not None else None
        if card is None or card.mark != mark:
            turn.say_key("problem.stale")
        elif act == "no":
            self._drop(turn)
        elif act == "show" and (meeting := await self._meeting_of(turn, card)) is not None:
            self._show(turn, card, meeting, ())
        elif act == "edit" and number.isdecimal() and 1 <= int(number) <= len(card.items):
            await self._ask_change(turn, card, int(number))
        elif act == "yes":
            await self._write(turn, card)
        else:
            turn.say_key("problem.stale")

    async def _ask_change(self, turn: Turn, card: ConclusionCard, number: int) -> None:
        meeting = await self._meeting_of(turn, card)
        if meeting is None:
            return
        turn.state.concluded = replace(card, editing=number).to_json()
        turn.state.expects = "conclude"
        one = card.items[number - 1]
        line = self._line(turn, meeting, one, number, len(one.text))
        turn.say(f"{line}\n{turn.wording.say('conclude.how_one', unit=meeting.example)}")

    async def _change(self, turn: Turn, card: ConclusionCard, text: str) -> None:
        meeting = await self._meeting_of(turn, card)
        if meeting is None:
            return
        try:
            new = card.changed(text, meeting.called, turn.today)
        except NotOnCard as beyond:
            turn.state.concluded = card.to_json()
            turn.say_key("conclude.not_on_card", number=str(beyond), count=len(card.items))
            return
        except NoChange as refused:
            turn.state.concluded = card.to_json()
            no_day = isinstance(refused.__cause__, NotADay)
            key = "conclude.no_such_day" if no_day else "conclude.not_understood"
            turn.say_key(key, words=shortened(str(refused), MOST_REFUSED))
            return
        if new.items:
            self._show(turn, new, meeting, ())
        else:
            self._drop(turn)

    @staticmethod
    def is_meant(turn: Turn, text: str) -> bool:
        """Whether words that nothing asks for are about the conclusions that wait, shown before something else."""
        if turn.state.concluded is None or not permissions.may("conclude", turn.roles):
            return False
        return ConclusionCard.is_meant(text) or folded(text) == folded(turn.wording.say("label.drop_all"))

    @staticmethod
    def _drop(turn: Turn) -> None:
        turn.state.concluded, turn.state.expects = None, ""
        turn.say_key("office.left")

    async def _write(self, turn: Turn, card: ConclusionCard) -> None:
        meeting = await self._meeting_of(turn, card)
        if meeting is None:
            return
        if any(meeting.problem(turn, one) for one in card.items):
            self._show(turn, card, meeting, ())  # a day has passed meanwhile, or a unit has ended
            return
        first = await tasks.last_number(self._db, meeting.round.id) + 1
        new = [
            NewTask(fresh_id(), number, masked(one.text), one.due_on, one.unit_ids)
            for number, one in enumerate(card.items, first)
        ]
        person = turn.standing.person_id
        turn.rows += tasks.add(meeting.round.id, card.cluster_id, new, person, turn.now)
        numbers = [tasks.task_number(card.period, one.number) for one in new]
        turn.rows += [
            happened("task.given", number, person, turn.now, period_id=meeting.round.id, unit_id=unit)
            for number, one in zip(numbers, new, strict=True)
            for unit in one.unit_ids
        ]
        turn.state.concluded, turn.state.expects = None, ""
        say = turn.wording.say
        told = say("conclude.done_one", number=numbers[0]) if len(numbers) == 1 else say(
            "conclude.done", count=len(numbers), first=numbers[0], last=numbers[-1]
        )  # fmt: skip
        owners = dict.fromkeys(unit for one in new for unit in one.unit_ids)
        nobody = [
            meeting.called.names[unit]
            for unit in owners
            if unit not in meeting.top and not await people.reporters(self._db, unit, turn.today)
        ]
        lines = [told, say("conclude.told")] + ([say("conclude.nobody", units=", ".join(nobody))] if nobody else [])
        turn.say(" ".join(lines))

    def _show(self, turn: Turn, card: ConclusionCard, meeting: _Meeting, notes: Sequence[str]) -> None:
        say = turn.wording.say
        area = meeting.cluster.name if meeting.cluster else say("figures.whole")
        lines = [say("conclude.head", area=area, period=meeting.round.period.name, count=len(card.items))]
        lines += [self._line(turn, meeting, one, number) for number, one in enumerate(card.items, 1)]
        lines += notes
        wrong = [number for number, one in enumerate(card.items, 1) if meeting.problem(turn, one)]
        if wrong:
            lines.append(
                say("conclude.mend", numbers=", ".join(map(str, wrong)), number=wrong[0], unit=meeting.example)
            )
        else:
            lines.append(say("conclude.right", unit=meeting.example))
        turn.state.concluded, turn.state.expects = card.to_json(), "conclude"
        choices = [] if wrong else [Choice(say("label.right"), f"conclude:yes:{card.mark}")]
        edited = [*wrong, *(number for number in range(1, len(card.items) + 1) if number not in wrong)][:MOST_EDITED]
        choices += [
            Choice(say("label.edit_number", number=number), f"conclude:edit:{card.mark}:{number}")
            for number in sorted(edited)
        ]
        turn.say("\n".join(lines), [*choices, Choice(say("label.drop_all"), f"conclude:no:{card.mark}")], False)

    @staticmethod
    def _line(turn: Turn, meeting: _Meeting, one: Conclusion, number: int, most: int = MOST_SHOWN) -> str:
        say = turn.wording.say
        problem = meeting.problem(turn, one)
        owners = meeting.owners(turn, one)
        due = say("task.due", day=short_day(one.due_on)) if one.due_on else say("conclude.undated")
        about = "; ".join(part for part in (owners, due) if part)
        line = say("conclude.row", number=number, about=about, text=shortened(one.text, most))
        return f"{line} {say('conclude.problem', problem=problem)}" if problem else line

    async def _known(
        self, turn: Turn, meeting: _Meeting, found: Sequence[Conclusion], waiting: Sequence[Conclusion]
    ) -> list[Conclusion]:
        """What is written down or waits already, word for word and for the same units, or is said twice."""
        every = await tasks.of_area(self._db, None, (), turn.today)
        mine = tasks.by_number(one for one in every if one.period_id == meeting.round.id)
        known = {(folded(parts[0].text), frozenset(one.unit_id for one in parts)) for parts in mine}
        known |= {(folded(masked(one.text)), frozenset(one.unit_ids)) for one in waiting}
        again: list[Conclusion] = []
        for one in found:
            key = (folded(masked(one.text)), frozenset(one.unit_ids))
            if key in known:
                again.append(one)
            known.add(key)
        return again

    async def _meeting_of(self, turn: Turn, card: ConclusionCard) -> _Meeting | None:
        """The card's meeting; None once it is said why not: the role or the period is gone."""
        scope = permissions.clusters("conclude", turn.roles)
        round_ = await rounds.round_by_code(self._db, card.period)
        clusters = await units.all_clusters(self._db, turn.today)
        cluster = next((one for one in clusters if one.id == card.cluster_id), None)
        inside = scope is None or (cluster is not None and cluster.id in scope)
        if round_ is None or not inside or (card.cluster_id is not None and cluster is None):
            turn.state.concluded, turn.state.expects = None, ""
            turn.say_key("help.no_rights")
            return None
        return await self._meeting(turn, round_, cluster)

    async def _meeting(self, turn: Turn, round_: Round, cluster: Cluster | None) -> _Meeting:
        every = await units.all_units(self._db, turn.today)
        return _Meeting(round_, cluster, every, await units.all_clusters(self._db, turn.today))

    async def _just_met(self, turn: Turn, allowed: Sequence[Cluster]) -> Cluster | None:
        """The only cluster there is, else the only one that has met in these days."""
        if len(allowed) == 1:
            return allowed[0]
        met = [
            briefing.cluster_id
            for round_ in await rounds.in_state(self._db, "open", "locked")
            for briefing in await rounds.briefings(self._db, round_.id)
            if turn.now - JUST_MET <= briefing.starts_at <= turn.now
        ]
        found = [one for one in allowed if one.id in met]
        return found[0] if len(found) == 1 else None

    async def _round(self, turn: Turn, cluster: Cluster | None) -> Round | None:
        """The period of the cluster's last meeting; of one that has not met, the one that runs."""
        held = []
        for round_ in await rounds.in_state(self._db, "open", "locked", "closed") if cluster else []:
            briefing = await rounds.briefing_of(self._db, round_.id, cluster.id) if cluster else None
            if briefing is not None and briefing.starts_at <= turn.now:
                held.append((briefing.starts_at, round_))
        if held:
            return max(held, key=lambda one: one[0])[1]
        return await running_told_of(self._db, turn, None if cluster is None else [cluster.id])


def _named_cluster(rest: str, clusters: Sequence[Cluster]) -> tuple[Cluster | None, str]:
    """ "cụm 2: giao …": the cluster whose meeting it was, and the text behind."""
    before, colon, after = rest.partition(":")
    named = cluster_called(folded(before), clusters) if colon and after.strip() else None
    return (named, after) if named is not None else (None, rest)
