"""Requests for codes by chat in ("cấp mã", "bàn giao", "liên kết"), new codes and their rows out."""

from collections.abc import Mapping, Sequence

from handlers import permissions
from handlers.access.issuing import LINKS_WITHIN, Issued, for_account, for_role
from handlers.access.open_bots import open_bots
from handlers.channel import Channel
from handlers.commands import folded
from handlers.messages import LABEL_LONGEST, Choice
from handlers.routes import Asked
from handlers.turn import Turn
from reporting.organisation.roles import REPORTERS, fits, replaces
from reporting.time.calendar import short_day
from storage.database import Database
from storage.people import seats
from storage.people.seats import Seat

MOST_OFFERED = 10
_DEPUTY = ("pho bi thu", "pho")


class CodeDesk:
    """Answers "cấp mã", "bàn giao" and "liên kết". channels: some of which may have a link that enters a code."""

    def __init__(self, db: Database, channels: Mapping[str, Channel]) -> None:
        self._db = db
        self._channels = channels

    async def _within(self, turn: Turn, role: str) -> list[Seat]:
        """The seats the person may fill: as far as the right to issue codes reaches, the own unit's left out."""
        if permissions.clusters("issue", turn.roles) is None:
            found = await seats.seats(self._db, role, turn.now)
        else:
            parents = permissions.units("issue", turn.roles)
            found = [seat for parent in parents for seat in await seats.seats(self._db, role, turn.now, parent)]
        # Of several who are named for one unit, the first one for whom no code waits.
        by_unit: dict[int | None, Seat] = {}
        for seat in found:
            if fits(role, seat.level) and (seat.unit_id not in by_unit or by_unit[seat.unit_id].waiting):
                by_unit[seat.unit_id] = seat
        return list(by_unit.values())

    async def issue(self, turn: Turn, asked: Asked) -> None:
        """ "cấp mã", "cấp mã thôn Đông", "cấp mã phó CD01"."""
        wanted = folded(asked.rest)
        role = "secretary"
        for word in _DEPUTY:
            if wanted == word or wanted.startswith(f"{word} "):
                role, wanted = "deputy", wanted[len(word) :].strip()
                break
        within = await self._within(turn, role)
        found = _matching(within, wanted) if wanted else _owing(within)
        if not found:
            turn.say_key("code.no_unit" if wanted else "code.none_vacant")
        elif len(found) > 1 or not wanted:
            self._offer(turn, role, found, vacant=not wanted)
        elif found[0].enrolled and replaces(role):
            self._ask_whether(turn, found[0])
        else:
            await self._give(turn, role, found[0])

    async def chosen(self, turn: Turn, asked: Asked) -> None:
        """A role and a unit were chosen from those offered; told "whatever": also where somebody is enrolled."""
        if asked.told == "whatever" and asked.rest == "no":
            turn.say_key("code.kept")
            return
        role, _, unit_id = asked.rest.partition(":")
        within = await self._within(turn, role) if role in REPORTERS else []
        seat = next((seat for seat in within if str(seat.unit_id) == unit_id), None)
        if seat is None:
            turn.say_key("problem.stale")
        elif seat.enrolled and replaces(role) and asked.told != "whatever":
            self._ask_whether(turn, seat)
        else:
            await self._give(turn, role, seat)

    def _offer(self, turn: Turn, role: str, found: Sequence[Seat], vacant: bool) -> None:
        say = turn.wording.say
        many = len({seat.parent_id for seat in found}) > 1
        names = [f"{seat.name} ({seat.parent})" if many and seat.parent else seat.name for seat in found]
        choices = [
            Choice(name[:LABEL_LONGEST], f"code:{role}:{seat.unit_id}")
            for name, seat in zip(names[:MOST_OFFERED], found[:MOST_OFFERED], strict=True)
        ]
        key = "code.vacant" if vacant else "code.which"
        text = say(key, count=len(found), role=say(f"role.{role}"))
        if len(found) > MOST_OFFERED:
            text = f"{text} {say('code.more', more=len(found) - MOST_OFFERED)}"
        turn.say(text, choices)

    def _ask_whether(self, turn: Turn, seat: Seat) -> None:
        say = turn.wording.say
        turn.say(
            say("code.enrolled", area=seat.known_as),
            [
                Choice(say("label.replace"), f"recode:secretary:{seat.unit_id}"),
                Choice(say("label.deputy"), f"recode:deputy:{seat.unit_id}"),
                Choice(say("label.later"), "recode:no"),
            ],
        )

    async def _give(self, turn: Turn, role: str, seat: Seat) -> None:
        issued = for_role(
            role, seat.unit_id, None, turn.now, replaces=replaces(role), withdraws=replaces(role),
            post_id=seat.post_id, issued_by=turn.standing.person_id,
        )  # fmt: skip
        await self.hand_out(turn, issued, role, seat.known_as, seat.expected)
        if seat.enrolled and replaces(role):
            self.add(turn, turn.wording.say("code.replaces", area=seat.known_as))

    async def hand_over(self, turn: Turn, asked: Asked) -> None:
        """A code for the person's successor; until it is used nothing changes."""
        say = turn.wording.say
        own = [r for r in turn.roles if r.role == "secretary" and r.unit_id is not None]
        if asked.rest:
            own = [role for role in own if str(role.unit_id) == asked.rest]
        if not own:
            turn.say_key("help.no_rights")
        elif len(own) > 1:
            choices = [Choice(role.unit_name[:LABEL_LONGEST], f"handover:{role.unit_id}") for role in own]
            turn.say(say("handover.which"), choices)
        else:
            role = own[0]
            issued = for_role(
                "secretary", role.unit_id, None, turn.now,
                replaces=True, withdraws=True, issued_by=turn.standing.person_id,
            )  # fmt: skip
            await self.hand_out(turn, issued, "secretary", role.unit_name)
            self.add(turn, say("handover.until"))

    async def link_account(self, turn: Turn, asked: Asked) -> None:
        """A code to be typed in the person's chat on another channel."""
        issued = for_account(turn.standing.person_id or 0, turn.now)
        turn.rows += issued.rows
        turn.say_key("code.account", code=issued.code, minutes=int(LINKS_WITHIN.total_seconds() // 60))
        self._once(turn)

    async def hand_out(self, turn: Turn, issued: Issued, role: str, area: str, expected: str = "") -> None:
        """Says the code once, with what it is for and until when, and its links."""
        say = turn.wording.say
        turn.rows += issued.rows
        day = short_day(issued.last_on)
        whom = say("code.whom", area=area, name=expected) if expected else area
        lines = [say("code.given", role=say(f"role.{role}"), area=whom, code=issued.code, day=day)]
        for channel in self._channels.values():
            if link := channel.invite_link(issued.link_code):
                lines.append(say("code.link", channel=channel.title, link=link))
            elif link := next(iter((await open_bots(self._db, channel)).values()), ""):
                lines.append(say("code.typed", channel=channel.title, link=link))
        turn.say("\n".join(lines))
        self._once(turn)

    @staticmethod
    def add(turn: Turn, text: str) -> None:
        """One more line under it."""
        if turn.reply is not None:
            turn.reply["text"] += f"\n{text}"

    @staticmethod
    def _once(turn: Turn) -> None:
        """The text holds a code, of which only a hash may stay."""
        if turn.reply is not None:
            turn.reply["once"] = True


def _owing(within: Sequence[Seat]) -> list[Seat]:
    """Units of a cluster, which report, that nobody is enrolled for."""
    return [seat for seat in within if seat.cluster and not seat.enrolled]


def _matching(within: Sequence[Seat], wanted: str) -> list[Seat]:
    """The unit of that code, else those of that name, else those whose name holds all the words in that order."""
    words = f" {wanted} "
    for found in (
        [seat for seat in within if folded(seat.code) == wanted],
        [seat for seat in within if folded(seat.name) == wanted],
        [seat for seat in within if words in f" {folded(seat.name)} "],
    ):
        if found:
            return found
    return []
