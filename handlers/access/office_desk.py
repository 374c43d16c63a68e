"""The office handed over in, step by step: who takes over, what there is to take, both sides' word; rows and texts out.

Nobody loses the role before both have said so: whoever takes over holds it beside the giver until then.
"""

from datetime import timedelta

from handlers.access.code_desk import CodeDesk
from handlers.access.issuing import for_role
from handlers.commands import folded
from handlers.messages import LABEL_LONGEST, Choice
from handlers.routes import Asked
from handlers.telling import waking
from handlers.turn import Turn, body, fresh_id
from handlers.wording.speech import Wording
from reporting.time.calendar import day_name, moment
from storage.database import Database, Statement
from storage.messages import outbox
from storage.organisation import units
from storage.people import activity, handovers, invites, people
from storage.people.handovers import Handover
from storage.people.people import Account
from storage.periods import rounds
from storage.reports.events import happened

MOST_OFFERED = 6
_GUIDES = {"term": "nhiem ky", "merger": "sap nhap"}
MOST_MEETINGS = 6


class Succession:
    """Answers "bàn giao văn phòng" and the buttons under it."""

    def __init__(self, db: Database, codes: CodeDesk) -> None:
        self._db = db
        self._codes = codes

    async def begin(self, turn: Turn, asked: Asked) -> None:
        """Who takes over; or how far the handover stands that is under way; "nhiệm kỳ mới" gives its steps at once."""
        say, words = turn.wording.say, folded(asked.text)
        if guide := next((guide for guide, named in _GUIDES.items() if named in words), ""):
            await self._guide(turn, guide)
            return
        one = await handovers.given_by(self._db, turn.standing.person_id or 0)
        if one is not None:
            self._show(turn, one)
            return
        others = await self._colleagues(turn)
        choices = [Choice(a.name[:LABEL_LONGEST], f"succeed:to:{a.person_id}") for a in others[:MOST_OFFERED]]
        choices.append(Choice(say("label.newcomer"), "succeed:new"))
        choices += [Choice(say(f"label.succeed_{what}"), f"succeed:{what}") for what in _GUIDES]
        turn.say(say("succession.who"), choices)

    async def _colleagues(self, turn: Turn) -> list[Account]:
        found = {a.person_id: a for a in await people.with_role(self._db, "office", turn.today)}
        return [account for person, account in found.items() if person != turn.standing.person_id]

    def _show(self, turn: Turn, one: Handover) -> None:
        say, choices = turn.wording.say, list[Choice]()
        if one.state == "taken":
            choices.append(Choice(say("label.hand_over"), f"succeed:done:{one.id}"))
        elif one.taker_id is not None:
            choices.append(Choice(say("label.page_again"), f"succeed:page:{one.id}"))
        choices.append(Choice(say("label.stop_handing"), f"succeed:stop:{one.id}"))
        key = "code" if one.taker_id is None else one.state
        turn.say(say(f"succession.waits_{key}", name=one.taker), choices)

    async def chosen(self, turn: Turn, asked: Asked) -> None:
        """A button: "succeed:new", "succeed:to:PERSON", or a step of the handover of that id."""
        step, _, rest = asked.rest.partition(":")
        if step in _GUIDES:
            await self._guide(turn, step)
        elif step in ("new", "to"):
            await self._give(turn, rest if step == "to" else "")
        else:
            await self._step(turn, step, rest)

    async def _guide(self, turn: Turn, what: str) -> None:
        """What a new term or a merger of provinces asks for, in order, with what stands now."""
        now = await handovers.underway(self._db, turn.today)
        if what == "merger":
            turn.say_key("succession.merger")
        else:
            turn.say_key("succession.term", units=now.units, enrolled=now.enrolled, days=activity.KEPT_DAYS)

    async def _give(self, turn: Turn, to: str) -> None:
        """To somebody of the office already, or by a code to whoever will use it."""
        giver = turn.standing.person_id or 0
        own = next((role for role in turn.roles if role.role == "office"), None)
        account = next((a for a in await self._colleagues(turn) if str(a.person_id) == to), None)
        under_way = await handovers.given_by(self._db, giver)
        if own is None or own.unit_id is None or under_way is not None or (to and account is None):
            turn.say_key("problem.stale")
            return
        invite = None
        if account is None:
            issued = for_role("office", own.unit_id, None, turn.now, issued_by=giver)
            await self._codes.hand_out(turn, issued, "office", own.unit_name)
            self._codes.add(turn, turn.wording.say("succession.until"))
            invite = issued.invite_id
        taker = account.person_id if account is not None else None
        one = Handover(fresh_id(), giver, turn.standing.name, taker, "", invite, own.unit_id, "begun")
        turn.rows.append(handovers.begin(one, turn.now))
        turn.rows.append(happened("office.handing_over", "office", giver, turn.now, unit_id=own.unit_id))
        if account is not None:
            turn.rows.append(await self._page(turn, one, account))
            turn.say_key("succession.page_sent", name=account.name)

    async def _page(self, turn: Turn, one: Handover, account: Account, again: str = "") -> Statement:
        """What there is to take over, with the taker's two answers under it."""
        say = turn.wording.say
        text = await page(self._db, turn, one.giver)
        choices = [
            Choice(say("label.taken"), f"succeed:taken:{one.id}"),
            Choice(say("label.lacking"), f"succeed:lacking:{one.id}"),
        ]
        when = await waking(self._db, turn.now)
        key = f"succession:{one.id}:page{again}"
        content = body(text, choices)
        return outbox.say(key, "notice", account.channel, account.chat_id, content, turn.now, when)

    async def _step(self, turn: Turn, step: str, number: str) -> None:
        one = await handovers.by_id(self._db, int(number)) if number.isdecimal() else None
        side = one and ("giver" if one.giver_id == turn.standing.person_id else
                        "taker" if one.taker_id == turn.standing.person_id else "")  # fmt: skip
        match (step, side):
            case ("taken", "taker") if one is not None and one.state == "begun":
                turn.rows.append(handovers.move(one, "taken", turn.now))
                await self._tell(turn, one, one.giver_id, "taken", turn.standing.name, "done")
                turn.say_key("succession.taken", name=one.giver)
            case ("lacking", "taker") if one is not None and one.state == "begun":
                await self._tell(turn, one, one.giver_id, "lacking", turn.standing.name, "page")
                turn.say(
                    turn.wording.say("succession.lacking", name=one.giver),
                    [Choice(turn.wording.say("label.taken"), f"succeed:taken:{one.id}")],
                )
            case ("page", "giver") if one is not None and one.state == "begun" and one.taker_id is not None:
                for account in (await people.accounts_of(self._db, one.taker_id))[-1:]:
                    turn.rows.append(await self._page(turn, one, account, f":{turn.incoming.message_id}"))
                turn.say_key("succession.page_sent", name=one.taker)
            case ("done", "giver") if one is not None and one.state == "taken":
                await self._done(turn, one)
            case ("stop", "giver") if one is not None:
                await self._stop(turn, one)
            case _:
                turn.say_key("problem.stale")

    async def _done(self, turn: Turn, one: Handover) -> None:
        """The giver's role ends with yesterday, if the taker still holds it and can be reached."""
        if all(account.person_id != one.taker_id for account in await self._colleagues(turn)):
            turn.say_key("succession.gone", name=one.taker)
            return
        last = turn.today - timedelta(days=1)
        turn.rows.append(handovers.move(one, "done", turn.now))
        turn.rows.append(people.end_role(one.giver_id, "office", one.unit_id, None, last))
        turn.rows.append(
            happened("role.ended", "office", one.giver_id, turn.now, unit_id=one.unit_id, new=str(one.giver_id))
        )
        await self._tell(turn, one, one.taker_id or 0, "done", one.giver)
        turn.say_key("succession.done", name=one.taker)

    async def _stop(self, turn: Turn, one: Handover) -> None:
        turn.rows.append(handovers.move(one, "stopped", turn.now))
        if one.taker_id is not None:
            await self._tell(turn, one, one.taker_id, "stopped", one.giver)
        elif one.invite_id is not None:
            turn.rows.append(invites.withdraw_one(one.invite_id, turn.now))
        turn.say_key("succession.stopped")

    async def _tell(self, turn: Turn, one: Handover, person: int, key: str, name: str, offers: str = "") -> None:
        say = turn.wording.say
        label = {"done": "label.hand_over", "page": "label.page_again"}.get(offers, "")
        content = body(
            say(f"handed.{key}", name=name), [Choice(say(label), f"succeed:{offers}:{one.id}")] if label else []
        )
        when = await waking(self._db, turn.now)
        for account in (await people.accounts_of(self._db, person))[-1:]:
            row_key = f"succession:{one.id}:{key}:{turn.incoming.message_id}"
            turn.rows.append(outbox.say(row_key, "notice", account.channel, account.chat_id, content, turn.now, when))

    async def code_used(self, turn: Turn, invite_id: int, person_id: int) -> None:
        """Whoever has just enrolled with the code of a handover gets the page behind the welcome."""
        one = await handovers.by_invite(self._db, invite_id)
        if one is None or one.taker_id is not None:
            return
        turn.rows.append(handovers.taken_up(one.id, person_id))
        message = turn.incoming
        account = Account(person_id, "", message.channel, message.chat_id)
        turn.after.append(await self._page(turn, one, account))


async def page(db: Database, turn: Turn, giver: str) -> str:
    """All that the next person of the office must know, on one page: what runs, what waits, what to get from whom."""
    say, now = turn.wording.say, await handovers.underway(db, turn.today)
    lines = [say("succession.page", giver=giver, day=day_name(turn.today))]
    lines += await _meetings(db, turn, turn.wording)
    lines.append(
        say("succession.waiting", reports=now.reports, petitions=now.petitions, requests=now.requests,
            units=now.units, enrolled=now.enrolled)
    )  # fmt: skip
    names = dict.fromkeys(a.name for a in await people.with_role(db, "office", turn.today))
    leaders = dict.fromkeys(a.name for a in await people.with_role(db, "leader", turn.today))
    lines.append(say("succession.people", office=", ".join(names), leaders=", ".join(leaders) or say("papers.none")))
    return "\n".join([*lines, say("succession.receive"), say("succession.daily")])


async def _meetings(db: Database, turn: Turn, wording: Wording) -> list[str]:
    """The periods that are open, with their meetings ahead."""
    clusters = {one.id: one.name for one in await units.all_clusters(db, turn.today)}
    lines = []
    for round_ in await rounds.open_rounds(db):
        ahead = [b for b in await rounds.briefings(db, round_.id) if b.starts_at > turn.now]
        ahead.sort(key=lambda b: b.starts_at)
        met = "; ".join(f"{clusters.get(b.cluster_id, '')} {moment(b.starts_at)}" for b in ahead[:MOST_MEETINGS])
        key = "succession.period_meets" if met else "succession.period"
        lines.append(wording.say(key, period=round_.period.name, meetings=met))
    return lines or [wording.say("succession.no_period")]
