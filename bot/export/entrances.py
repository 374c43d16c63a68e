"""Channels and codes in, the links by which each channel is entered out; people are shared out where bots are many."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.export.code_sheets import Way
from bot.failures import said
from handlers.access.open_bots import open_bots
from handlers.channel import Channel
from reporting.organisation.sharing import shared_out
from storage.database import Database
from storage.people.seats import Seat

Home = tuple[str, int | None, int | None]  # a channel, and in it a unit or a cluster


@dataclass(frozen=True, slots=True)
class Entrances:
    """Of each channel the way in. bots: by home, the bot of who holds a role there."""

    channels: Sequence[Channel]
    bots: Mapping[Home, str]

    def ways(self, seat: Seat, link_code: str) -> Iterator[Way]:
        """How the code of that seat gets to each channel that can be entered by a link."""
        for channel in self.channels:
            if link := channel.invite_link(link_code):
                yield Way(channel.title, link, typed=False)
            elif bot := self.bots.get((channel.name, seat.unit_id, seat.cluster_id), ""):
                yield Way(channel.title, channel.limits.bots[bot], typed=True)


def shared_entrances(channels: Sequence[Channel], seats: Sequence[Seat]) -> tuple[Entrances, list[str]]:
    """(the ways in, a line for each channel with too few bots). seats: all of the province, in the order of clusters,
    so that a cluster has its bot whenever its sheet is printed.
    """
    expected = [seat for seat in seats if seat.role != "deputy" or seat.enrolled or seat.post_id is not None]
    bots, lines = dict[Home, str](), list[str]()
    for channel in channels:
        if not channel.limits.bots:
            continue
        most = channel.limits.bot_people or len(expected)
        given = shared_out([seat.cluster for seat in expected], dict.fromkeys(channel.limits.bots, most))
        for seat, bot in zip(expected, given, strict=True):
            bots.setdefault((channel.name, seat.unit_id, seat.cluster_id), bot)
        if without := given.count(""):
            needed = -(-len(expected) // most)
            lines.append(
                said(
                    "codes_few_bots", channel=channel.title, without=without, count=len(expected), needed=needed,
                    bots=len(channel.limits.bots),
                )
            )  # fmt: skip
    return Entrances(channels, bots), lines


async def links_of(db: Database, channels: Sequence[Channel], link_code: str, *, group: bool) -> list[str]:
    """The links for one code: of each channel the one that enters it, or the one to a bot where it is typed."""
    found = []
    for channel in channels:
        if link := channel.invite_link(link_code, group=group):
            found.append(link)
        elif not group:
            found += list((await open_bots(db, channel)).values())[:1]
    return found
