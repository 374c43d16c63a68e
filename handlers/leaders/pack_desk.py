"""The word for the meeting pack in, the messages that bring its files out; they are made when they leave."""

from datetime import datetime
from typing import Any

from handlers import permissions
from handlers.leaders.areas import Area, area_told_of, cluster_choices, other_periods, without_period
from handlers.routes import Asked
from handlers.turn import Turn, body, fresh_id
from handlers.wording.speech import Wording
from reporting.time.calendar import moment
from storage.database import Database, Statement
from storage.messages import outbox
from storage.organisation import units
from storage.people import seen
from storage.periods.rounds import Round
from storage.reports import packs

REPORT, ANNEX, TEXT = "bao-cao.docx", "phu-luc.xlsx", "tom-tat.txt"
SAID = "{}.txt"  # the file with the words of a picture
PROGRAMME = "chuong-trinh.docx"  # of next year, only with the pack of a year
CHARTS = ("filed", "targets", "year_ago", "activity")  # its pictures, by their keys under [chart_file]


def pack_file(wording: Wording, pack_id: int, name: str) -> dict[str, Any]:
    """A file of a pack as an outbox row keeps it: it is made, once, when the first of the pack's messages leaves."""
    words = {"missing": wording.say("pack.missing"), "untaken": wording.say("file.untaken")}
    return {"kind": "pack", "pack": pack_id, "name": name, **words}


def pack_text(wording: Wording, area: str, period: str, now: datetime) -> str:
    """What stands over the report."""
    return wording.say("pack.given", area=area, period=period, moment=moment(now))


def followers(wording: Wording, pack_id: int, kind: outbox.Kind, to: tuple[str, str], now: datetime) -> list[Statement]:
    """The messages behind the one with the report: annex, pictures, and last the text that may be forwarded.

    Their words come with their files; of a pack that cannot be made they say nothing. to: channel and chat.
    """
    say = wording.say
    pictures = [say(f"chart_file.{what}") for what in CHARTS]
    files: list[dict[str, Any]] = [
        {"name": ANNEX, "words": say("pack.annex_given")},
        *({"name": name, "picture": True, "undrawn": say("picture.missing")} for name in pictures),
        {"name": PROGRAMME, "words": say("pack.programme_given"), "maybe": True},
        {"name": TEXT, "said": True},
    ]
    return [
        outbox.say(
            f"{packs.follower(pack_id, file['name'])}:{':'.join(to)}", kind, *to,
            body("", file={"kind": "pack", "pack": pack_id, **file}) | {"silent": True}, now,
        )
        for file in files
    ]  # fmt: skip


class PackDesk:
    """Answers "tài liệu", "tài liệu cụm 2", "tài liệu xã An Thượng Lộc" to whoever may see that part."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def give(self, turn: Turn, asked: Asked) -> None:
        """The pack of all within reach; of several clusters one is chosen first."""
        called = await without_period(self._db, turn, asked.rest)
        if called is None:
            return
        found = await area_told_of(self._db, turn, "pack", called)
        if found is None:
            return
        area, round_ = found
        wide = permissions.clusters("pack", turn.roles) is None
        if area.communes is None and len(area.clusters) != 1 and not (wide and not area.mark):
            turn.say(turn.wording.say("pack.which"), cluster_choices(turn, "pack", area))
            return
        await self._queue(turn, round_, area)

    async def _queue(self, turn: Turn, round_: Round, area: Area) -> None:
        pack_id, wording = fresh_id(), turn.wording
        key, name = await self._named(turn, area)
        turn.rows.append(packs.ask(pack_id, round_.id, key, turn.now))
        text = pack_text(wording, name, round_.period.name, turn.now)
        turn.say("\n".join(filter(None, [text, other_periods(turn)])), file=pack_file(wording, pack_id, REPORT))
        to = (turn.incoming.channel, turn.incoming.chat_id)
        turn.after += followers(wording, pack_id, "reply", to, turn.now)
        turn.rows += seen.seen(seen.PACK, permissions.granted("pack", turn.roles), turn.today)

    async def _named(self, turn: Turn, area: Area) -> tuple[str, str]:
        """(what the pack is kept by, what people call it)."""
        if area.communes is not None:
            every = {unit.id: unit for unit in await units.all_units(self._db, turn.today)}
            unit = every[next(iter(area.communes))]
            return f"unit:{unit.code}", unit.name
        if len(area.clusters) == 1 and (area.mark or permissions.clusters("pack", turn.roles) is not None):
            return f"cluster:{area.clusters[0].code}", area.clusters[0].name
        return "province", turn.wording.say("pack.whole_province")
