"""Commands that issue one-time codes: one code, or a printed sheet for every unit without anybody enrolled."""

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.channels.folder import Given
from bot.channels.open import configured, folders, open_channels
from bot.chosen_database import opened
from bot.clock import SystemClock
from bot.export.entrances import Entrances, links_of, shared_entrances
from bot.failures import Failed, failed, misused, reason_of, said
from bot.resources import load_catalogue
from bot.settings import Settings
from handlers.access.issuing import Issued, for_group, for_role
from handlers.access.named_posts import posts_called
from handlers.channel import Channel, NotStarted
from reporting.organisation.roles import LEVELS, OF_CLUSTER, REPORTERS, fits, replaces
from reporting.time.calendar import local_day
from storage.database import Database, Statement
from storage.organisation import units
from storage.people import expected, invites, seats
from storage.people.expected import Post
from storage.people.seats import Seat

# What an office may call a role, beside the stored name.
ROLES = {
    "secretary": "secretary", "bi_thu": "secretary", "branch_secretary": "secretary", "commune_secretary": "secretary",
    "deputy": "deputy", "pho_bi_thu": "deputy",
    "chair": "chair", "chu_tri": "chair", "cluster_chair": "chair",
    "department": "department", "ban": "department",
    "office": "office", "van_phong": "office",
    "leader": "leader", "lanh_dao": "leader",
    "mentor": "mentor", "phu_trach": "mentor", "can_bo_phu_trach": "mentor",
    "reader": "reader", "guest": "reader", "khach": "reader", "khach_moi": "reader",
    "group": "group", "nhom": "group",
}  # fmt: skip


async def issue_invite(
    settings: Settings,
    role: str,
    unit: str,
    cluster: str,
    qr: Path | None,
    days: int,
    replace: bool | None,
    sections: str = "",
    whom: str = "",
) -> None:
    """Prints the code on a line of its own and the deep link of each channel that has one on the next."""
    known = _role(role, unit, cluster)
    owned = _sections(settings, known, sections)
    follows = replaces(known) if replace is None else replace
    if known == "group" and replace is not None:
        raise misused("group_replace", option="--replace" if replace else "--no-replace")
    if qr is not None and not configured(settings):
        needed = ", ".join(folder.needs.upper() for folder in folders().values() if folder.needs)
        raise failed("qr_needs", needed=needed)
    db = await opened(settings)
    try:
        found_unit = await units.unit_by_code(db, unit) if unit else None
        found_cluster = await units.cluster_by_code(db, cluster) if cluster else None
        if unit and found_unit is None:
            raise failed("no_unit", option="--unit", code=unit)
        if cluster and found_cluster is None:
            raise failed("no_cluster", code=cluster)
        if found_unit is not None and not fits(known, found_unit.level):
            raise failed("no_such_level", role=known, unit=found_unit.code, known=", ".join(LEVELS[known]))
        now, good_for = SystemClock().now(), timedelta(days=days)
        if known == "group":
            assert found_cluster is not None
            issued = for_group(found_cluster.id, now, good_for)
        else:
            ids = (found_unit.id if found_unit else None, found_cluster.id if found_cluster else None)
            post_id = _post(await expected.vacant(db, known, *ids, local_day(now)), whom)
            issued = for_role(
                known, *ids, now, good_for, replaces=follows, withdraws=follows, post_id=post_id, sections=owned
            )
        await db.write(issued.rows)
        sys.stdout.write(issued.code + "\n")
        sys.stdout.flush()  # the code is good from now on, whatever becomes of its link
        channels, trouble = await _reached(settings)
        links = await links_of(db, channels, issued.link_code, group=known == "group")
    finally:
        await db.close()
    sys.stdout.write("".join(f"{link}\n" for link in links))
    line = said("no_link", why=trouble or said("no_links"))
    if qr is not None and not links:
        raise Failed(line)
    if trouble:
        sys.stderr.write(f"giaoban: {line}\n")
    if qr is not None:
        from bot.pictures.qr import qr_png
        from bot.whole_file import replace_file

        replace_file(qr, qr_png(links[0]))


@dataclass(frozen=True, slots=True)
class CodeOrder:
    """What codes are to be issued for. roles: stored names; cluster: '' for the province. everybody: also where
    somebody is enrolled. renew: also where a code is still good, which then ends.
    """

    roles: tuple[str, ...]
    cluster: str
    everybody: bool
    renew: bool


def wanted_codes(role: str, cluster: str, province: bool, everybody: bool, renew: bool) -> CodeOrder:
    """What the options ask for. Raises WrongUsage."""
    known = ROLES.get(role.strip().lower().replace("-", "_"), role)
    everyone = tuple(name for name in dict.fromkeys(ROLES.values()) if name != "group")
    if known not in (*everyone, "all"):
        raise misused("choose", option="--role", text=role, known=", ".join(("all", *everyone)))
    if bool(cluster) == province:
        raise misused("cluster_or_province")
    return CodeOrder(everyone if known == "all" else (known,), cluster, everybody, renew)


def _post(vacant: Sequence[Post], whom: str) -> int | None:
    """The post of who was named for the role there. Raises Failed where it cannot be known whose the code is."""
    known = "; ".join(post.name for post in vacant) or said("nobody")
    if whom:
        meant = posts_called(vacant, whom)
        if len(meant) != 1:
            raise failed("for_nobody", known=known)
        return meant[0].id
    if len(vacant) > 1:
        raise failed("for_several", known=known)
    return vacant[0].id if vacant else None


async def issue_codes(settings: Settings, wanted: CodeOrder, file: Path, kind: str, days: int) -> None:
    """Codes for every seat of a cluster or the province that nobody fills and no code waits for, in one file to print.

    A seat is a unit's secretary or deputy, and whoever is named for another role. Written to the disk first, under
    another name; then the codes become good; then the file gets its name. Cut off before the middle step no code is
    good and no sheet is there; after it the codes stand in the file beside, and the same command with --renew issues
    them anew. In any other order a sheet could be printed whose codes nobody accepts.
    """
    now, good_for = SystemClock().now(), timedelta(days=days)
    db = await opened(settings)
    try:
        found = await _seats(db, wanted, now)
        vacant = [seat for seat in found if wanted.everybody or _vacant(seat)]
        owing = [seat for seat in vacant if wanted.renew or not seat.waiting]
        if not owing:
            key, count = ("codes_waiting", len(vacant)) if vacant else ("codes_none", len(found))
            sys.stdout.write(f"{said(key, count=count)}\n")
            return
        channels, trouble = await _reached(settings)
        if trouble:
            raise failed("codes_no_links", why=trouble)
        issued = [
            for_role(
                seat.role, seat.unit_id, seat.cluster_id, now, good_for,
                replaces=replaces(seat.role), withdraws=True, post_id=seat.post_id,
            )
            for seat in owing
        ]  # fmt: skip
        every = await _seats(db, wanted_codes("all", "", province=True, everybody=True, renew=True), now)
        entrances, lines = shared_entrances(channels, every)
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        temporary = await asyncio.to_thread(_staged, file, kind, owing, issued, entrances)
        try:
            rows: list[Statement] = [row for one in issued for row in one.rows]
            told = await db.write(rows)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    finally:
        await db.close()
    try:
        os.replace(temporary, file)
    except OSError as error:
        raise failed("codes_beside", file=file, why=reason_of(error), beside=temporary) from error
    groups = len({seat.cluster for seat in owing if seat.cluster})
    sys.stdout.write(f"{said('codes_of' if groups else 'codes', count=len(issued), groups=groups, file=file)}\n")
    if left := len(vacant) - len(owing):
        sys.stdout.write(f"{said('codes_left', count=left)}\n")
    if ended := sum(count for row, count in zip(rows, told, strict=True) if invites.withdraws(row)):
        sys.stdout.write(f"{said('codes_ended', count=ended)}\n")


async def _seats(db: Database, wanted: CodeOrder, now: datetime) -> list[Seat]:
    """All seats that are meant, cluster by cluster, those of the whole province first."""
    cluster = wanted.cluster
    if cluster and await units.cluster_by_code(db, cluster) is None:
        raise failed("no_cluster", code=cluster)
    found: list[Seat] = []
    for role in wanted.roles:
        every = await seats.seats(db, role, now) if role in REPORTERS else await seats.named(db, role, now)
        # Of several roles at once a deputy is one who is named: not every unit has one.
        foreseen = role == "deputy" and len(wanted.roles) > 1
        found += [
            seat
            for seat in every
            if (seat.level == "" or fits(role, seat.level)) and (seat.post_id is not None or not foreseen)
        ]
    chosen = [
        seat
        for seat in found
        if (seat.cluster.lower() == cluster.strip().lower() if cluster else seat.cluster or seat.role not in REPORTERS)
    ]
    if not chosen and set(wanted.roles) & set(REPORTERS):
        raise failed("empty_cluster", code=cluster) if cluster else failed("no_units")
    if not chosen:
        raise failed("nobody_named", role=wanted.roles[0])
    order = [one.code for one in await units.all_clusters(db, local_day(now))]
    return sorted(chosen, key=lambda seat: order.index(seat.cluster) if seat.cluster in order else -1)


def _vacant(seat: Seat) -> bool:
    """Whether somebody is still to come: for a deputy also beside another one who is enrolled."""
    return not seat.enrolled or (seat.role == "deputy" and seat.post_id is not None)


def _staged(file: Path, kind: str, owing: list[Seat], issued: list[Issued], entrances: Entrances) -> Path:
    from bot.export.code_sheets import Card, as_docx, as_xlsx
    from bot.whole_file import stage_file

    cards = [
        Card(seat, one.code, one.last_on, tuple(entrances.ways(seat, one.link_code)))
        for seat, one in zip(owing, issued, strict=True)
    ]
    return stage_file(file, (as_docx if kind == "docx" else as_xlsx)(cards))


def _sections(settings: Settings, role: str, listed: str) -> tuple[str, ...]:
    """The codes of a department's sections. Raises WrongUsage for another role or a code the catalogue has not."""
    wanted = tuple(dict.fromkeys(code.strip() for code in listed.split(",") if code.strip()))
    if wanted and role != "department":
        raise misused("sections_role", role=role)
    known = [section.code for section in load_catalogue(settings.giaoban_catalogue).sections] if wanted else []
    if unknown := [code for code in wanted if code not in known]:
        raise misused("choose", option="--sections", text=unknown[0], known=", ".join(known))
    return wanted


def _role(role: str, unit: str, cluster: str) -> str:
    """The stored name of a role. Raises WrongUsage if there is none or its unit or cluster is not named."""
    known = ROLES.get(role.strip().lower().replace("-", "_"))
    if known is None:
        raise misused("choose", option="--role", text=role, known=", ".join(dict.fromkeys(ROLES.values())))
    wanted, other = ("cluster", unit) if known in (*OF_CLUSTER, "group") else ("unit", cluster)
    if not (cluster if wanted == "cluster" else unit):
        raise misused("role_needs", role=known, option=f"--{wanted}")
    if other:
        raise misused("role_takes", role=known, option=f"--{wanted}")
    return known


async def _reached(settings: Settings) -> tuple[list[Channel], str]:
    """(the configured channels whose links can be made, what keeps others from it); each one's server is asked."""
    found, trouble = [], ""
    for channel in open_channels(settings, Given(SystemClock().now)).values():
        try:
            await channel.check()
            found.append(channel)
        except NotStarted as error:
            trouble = trouble or str(error)
        finally:
            await channel.stop()
    return found, trouble
