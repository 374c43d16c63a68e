"""What runs now in, drafts of the papers on personal data out; and what people asked about theirs, with days left."""

import sys
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

from bot.channels.folder import Given
from bot.channels.open import folders, open_channels
from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.failures import failed, misused
from bot.settings import Settings
from bot.whole_file import replace_file
from handlers.access.enrolment import CONSENT_VERSION
from handlers.channel import Channel
from handlers.person.data_desk import added_line, request_lines
from handlers.wording.speech import Wording
from reporting.time.calendar import local_day
from scheduler.upkeep.clean_up import KEEP_ACTIVITY, KEEP_PHOTOS, KEEP_TEXTS, KEEP_TRIES, KEEP_UPDATES
from storage.database import Conflict, Database, sqlite_path
from storage.people import data_requests
from storage.periods import holidays

PAPERS = {"register": "so-dang-ky-xu-ly", "impact": "danh-gia-tac-dong", "transfer": "chuyen-ra-nuoc-ngoai"}


async def write_papers(settings: Settings, folder: Path) -> None:
    """Writes the three drafts into the folder and names them."""
    say, today = Wording.vietnamese().say, local_day(SystemClock().now())
    channels = list(open_channels(settings, Given(SystemClock().now)).values())
    db = await opened(settings)
    try:
        facts = await _facts(db, settings, channels, today)
    finally:
        await db.close()
        for channel in channels:
            await channel.stop()
    papers = {
        "register": [*facts[:11], facts[-1]],
        "impact": [
            *facts[:11], *(say(f"papers.risk_{risk}") for risk in ("leak", "wrong", "stranger", "left")),
            say("papers.breach"), facts[-1],
        ],
        "transfer": [*facts[:2], *_abroad(channels), facts[5], say("papers.breach")],
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    names = []
    for name, lines in papers.items():
        file = folder / f"{PAPERS[name]}.docx"
        replace_file(file, paper(say(f"papers.{name}"), lines))
        names.append(str(file))
    sys.stdout.write(say("papers.written", files=", ".join(names)) + "\n")


async def _facts(db: Database, settings: Settings, channels: Sequence[Channel], today: date) -> list[str]:
    say = Wording.vietnamese().say
    office = await db.read("select name from unit where level = 'tinh_doan' and valid_to_on is null order by id")
    roles = await db.read(
        "select r.role, count(distinct r.person_id) from role r join account a on a.person_id = r.person_id"
        " where a.consent = 'given' and r.valid_to_on is null group by r.role order by r.role"
    )
    people = await db.read("select count(distinct person_id) from account where consent = 'given'")
    named = await db.read("select count(*) from post where name <> '' and valid_to_on is null")
    asked, done = await data_requests.waiting(db), await data_requests.handled(db)
    counted = ", ".join(f"{say(f'role.{role}')}: {count}" for role, count in roles)
    none = say("papers.none")
    return [
        say("papers.basis", day=f"{today:%d/%m/%Y}"),
        say("papers.controller", office=office[0][0] if office else "…"),
        say("papers.purpose"),
        say("papers.subjects", count=people[0][0], roles=counted or none, named=named[0][0]),
        say("papers.kinds"),
        say("papers.consent", version=CONSENT_VERSION),
        say("papers.machine"),
        say(
            "papers.terms",
            texts=KEEP_TEXTS.days,
            updates=KEEP_UPDATES.days,
            tries=KEEP_TRIES.days,
            activity=KEEP_ACTIVITY.days,
            photos=KEEP_PHOTOS.days,
        ),
        say("papers.stored", where=_where(settings), copies=_copies(settings)),
        say("papers.channels", channels=", ".join(one.title for one in channels) or say("papers.no_channels")),
        say("papers.access"),
        say(
            "papers.requests",
            waiting=len(asked) or none,
            handled=", ".join(f"{name} {count}" for name, count in done.items()) or none,
        ),
    ]


def _where(settings: Settings) -> str:
    say, url = Wording.vietnamese().say, settings.giaoban_database_url
    if sqlite_path(url) is not None:
        return say("papers.on_machine")
    return say("papers.on_server", host=urlsplit(url).hostname or "…")


def _copies(settings: Settings) -> str:
    say = Wording.vietnamese().say
    if settings.giaoban_backup_dir is None:
        return say("papers.copies_none")
    return say("papers.copies_sealed" if settings.giaoban_backup_key.get_secret_value() else "papers.copies_open")


def _abroad(channels: Sequence[Channel]) -> list[str]:
    say = Wording.vietnamese().say
    known = folders()
    found = [one for one in channels if one.server and not known[one.name].in_vietnam]
    if not found:
        return [say("papers.at_home")]
    lines = [say("papers.abroad", channel=one.title, server=one.server.rpartition(" ")[2]) for one in found]
    return [*lines, say("papers.abroad_why"), say("papers.abroad_measures")]


def paper(title: str, lines: Sequence[str]) -> bytes:
    """A Word file with a heading and numbered paragraphs."""
    from docx import Document

    document = Document()
    document.styles["Normal"].font.name = "Times New Roman"
    document.add_heading(title, level=1)
    for number, line in enumerate(lines, start=1):
        document.add_paragraph(f"{number}. {line}")
    content = BytesIO()
    document.save(content)
    return content.getvalue()


# --- what people asked -------------------------------------------------------------------------------------------


async def list_requests(settings: Settings) -> None:
    """Prints what waits, with the days that are left."""
    today = local_day(SystemClock().now())
    db = await opened(settings)
    try:
        waiting, calendar = await data_requests.waiting(db), await holidays.calendar(db)
    finally:
        await db.close()
    wording = Wording.vietnamese()
    lines = request_lines(wording, waiting, calendar, today) or [wording.say("request.nothing")]
    sys.stdout.write("\n".join(lines) + "\n")


async def add_request(settings: Settings, kind: str, on: date | None) -> None:
    """Writes down what somebody asked, and says by when it has to be answered and done."""
    if kind not in data_requests.KINDS:
        raise misused("choose", option="LOẠI", text=kind[:20], known=", ".join(data_requests.KINDS))
    asked_on = on or local_day(SystemClock().now())
    db = await opened(settings)
    try:
        number = await data_requests.free_number(db)
        await db.write([data_requests.add(number, kind, asked_on)])
        line = added_line(Wording.vietnamese(), number, kind, asked_on, await holidays.calendar(db))
    finally:
        await db.close()
    sys.stdout.write(f"{line}\n")


async def settle_request(settings: Settings, number: int, *, done: bool) -> None:
    """It was acknowledged, or is done."""
    today = local_day(SystemClock().now())
    db = await opened(settings)
    try:
        await db.write([(data_requests.done if done else data_requests.acknowledge)(number, today)])
    except Conflict as error:
        raise failed("no_request", number=number) from error
    finally:
        await db.close()
    say = Wording.vietnamese().say
    line = say("request.done", number=number) if done else say("request.acknowledged", number=number)
    sys.stdout.write(f"{line}\n")
