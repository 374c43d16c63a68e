"""Pictures and files on Zalo, which takes neither: by links that end, tell nothing and cannot be guessed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp
import pytest
from bot_api.running import NOW
from structlog.testing import capture_logs
from zalo_api.running import zalo_running
from zalo_api.server import TOKEN, ZaloServer

from bot.channels.file_links import FileLinks
from bot.web import serve
from handlers.messages import File, Outgoing
from scheduler.sending.delivery import deliver
from scheduler.upkeep.clean_up import Upkeep
from storage.database import Database

BOT, SITE = TOKEN.partition(":")[0], "https://giaoban.test"
CHART = File("so-lieu-xa-hai-hoa.png", b"\x89PNG of two units", picture=True)
REPORT = File("bao-cao-xa-hai-hoa.docx", b"PK of a report")
ON_ONE = pytest.mark.parametrize("engine", ["sqlite"])


@dataclass
class Day:
    """A clock that is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


async def got(links: FileLinks, *addresses: str) -> list[tuple[int, bytes]]:
    """What this server answers to each of these addresses of the site."""
    runner, port = await serve([links.route()], "127.0.0.1", 0)
    found = []
    try:
        async with aiohttp.ClientSession() as session:
            for address in addresses:
                url = address.replace(SITE, f"http://127.0.0.1:{port}")
                async with session.get(url) as answer:
                    found.append((answer.status, await answer.read()))
    finally:
        await runner.cleanup()
    return found


async def test_a_link_shows_its_file_for_a_day_and_to_nobody_who_guesses(database: Database) -> None:
    day = Day()
    links = FileLinks(database, day, SITE, "/zalo/tep", TOKEN)
    link = await links.give(CHART)
    assert "hai-hoa" not in link
    [(status, content)] = await got(links, link)
    assert (status, content) == (200, CHART.content)
    mark, end, signed, suffix = link.rpartition("/")[2].split(".")
    later = f"{SITE}/zalo/tep/{mark}.{int(end) + 1}.{signed}.{suffix}"
    other = await FileLinks(database, day, SITE, "/zalo/tep", "other").give(CHART)
    refused = await got(links, later, other, f"{SITE}/zalo/tep/", f"{SITE}/zalo/tep/{mark}", f"{link}/..")
    assert [status for status, _ in refused] == [404] * 5
    day.now += timedelta(hours=25)
    assert await got(links, link) == [(404, b"")]
    await Upkeep(database).tick(day.now)
    assert await database.read("select mark from linked_file") == []


@ON_ONE
async def test_a_picture_goes_by_its_address_and_another_file_as_a_link_under_its_words(database: Database) -> None:
    async with ZaloServer() as zalo, zalo_running(zalo, polls=False, db=database, giaoban_public_url=SITE) as run:
        assert run.channel.limits.files
        for file in (CHART, REPORT):
            await deliver(run.channel, Outgoing(f"{BOT}/lan", "Số liệu cụm 2.", file=file))
        zalo.faults["sendPhoto"].append("400")
        await deliver(run.channel, Outgoing(f"{BOT}/lan", "Số liệu cụm 2.", file=CHART))
        await deliver(run.channel, Outgoing(f"{BOT}/lan", "dài " * 450, file=CHART))
    shown, linked, refused, words, alone = zalo.said
    assert (shown.text, shown.photo.startswith(f"{SITE}/zalo/tep/")) == ("Số liệu cụm 2.", True)
    for said, name in ((linked, REPORT.name), (refused, CHART.name)):
        assert said.text.startswith(f"Số liệu cụm 2.\nTệp {name}, mở trong 24 giờ")
        assert f"{SITE}/zalo/tep/" in said.text
    assert (words.photo, alone.text, alone.photo != "") == ("", "", True)


@ON_ONE
@pytest.mark.parametrize("address", ["", "http://giaoban.test"])
async def test_without_a_public_address_words_replace_files_and_start_and_check_say_so(
    database: Database, address: str
) -> None:
    with capture_logs() as entries:
        async with (
            ZaloServer() as zalo,
            zalo_running(zalo, polls=False, db=database, giaoban_public_url=address) as run,
        ):
            assert not run.channel.limits.files
            await deliver(run.channel, Outgoing(f"{BOT}/lan", "Số liệu cụm 2.", file=CHART))
            told = await run.channel.check()
    assert [(said.text, said.photo) for said in zalo.said] == [("Số liệu cụm 2.", "")]
    assert any("GIAOBAN_PUBLIC_URL is no https address" in entry["event"] for entry in entries)
    assert told.endswith("GIAOBAN_PUBLIC_URL không phải địa chỉ https")
