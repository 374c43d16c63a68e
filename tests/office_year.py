"""A made province of 124 communes and 2,000 branches with its meetings of 2027, as a spreadsheet and in a database.

To see what it would send, without sending anything:

    PYTHONPATH=tests:. .venv/bin/python tests/office_year.py FOLDER
    GIAOBAN_DATABASE_URL=sqlite:///FOLDER/giaoban.db .venv/bin/giaoban plan --from 2027-01-01 --to 2027-12-31
"""

import asyncio
import sys
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from province import CATALOGUE
from spreadsheets import province, write

from bot.commands.organisation import take_in
from bot.spreadsheet.sheets import BRIEFINGS, ROUNDS
from handlers.access.enrolment import CONSENT_VERSION
from reporting.time.calendar import local_day
from storage.database import Database, Statement
from storage.engine.migrate import migrate
from storage.engine.open import open_database
from storage.people import expected, people

NOW = datetime(2026, 12, 21, 1, 0, tzinfo=UTC)  # Monday 08:00 in Việt Nam
COMMUNES, BRANCHES, ENROLLED = 124, 2_000, 2_062
CLUSTERS = ("C1", "C2", "C3", "C4")
# Of each period the day on which each cluster meets. The first month of the year is owed by those alone that meet, and
# Tết lies between the day it is due and the meeting; the half year and the year meet before they are over.
MEETINGS = {
    "2027-01": ("17/02/2027", "18/02/2027"),
    "2027-Q1": ("12/04/2027", "13/04/2027", "14/04/2027", "14/04/2027"),
    "2027-05": ("", "", "08/06/2027"),
    "2027-H1": ("22/06/2027", "22/06/2027", "23/06/2027", "24/06/2027"),
    "2027-9M": ("28/09/2027", "29/09/2027", "30/09/2027", "01/10/2027"),
    "2027-Y": ("30/11/2027", "01/12/2027", "02/12/2027", "03/12/2027"),
}
# What the office wants otherwise than is customary: a quarter beside the nine months, for one cluster and the communes
# of the others, at the same meetings.
TERMS = {"2027-Q3": {"owes": "đoàn xã", "opens_on": "06/09/2027", "deadline_on": "20/09/2027"}}


def sheets() -> dict[str, list[dict[str, Any]]]:
    """The rows of the spreadsheet."""
    found = province(COMMUNES, BRANCHES, len(CLUSTERS))
    found[ROUNDS.key] = [{"period": code, **terms} for code, terms in TERMS.items()]
    found[BRIEFINGS.key] = [
        {"period": period, "cluster": cluster, "on": day, "time": "08:00", "place": "Hội trường Tỉnh đoàn",
         "chair": f"Chủ trì {cluster}"}
        for period, days in MEETINGS.items()
        for cluster, day in zip(CLUSTERS, days, strict=False)
        if day
    ]  # fmt: skip
    return found


async def make(db: Database, file: Path) -> None:
    """Imports the spreadsheet as the office would, and enrols everybody but the secretaries of the last branches.

    The leader chairs the first cluster, as leaders do.
    """
    write(file, sheets())
    await take_in(db, CATALOGUE, file, local_day(NOW), NOW, dry_run=False)
    posts = await expected.all_posts(db)
    left_out = {f"Bí thư {number}" for number in range(BRANCHES - (len(posts) - 1 - ENROLLED), BRANCHES)}
    ids = count(1)
    rows: list[Statement] = []
    chair = 0
    for post in sorted(posts, key=lambda post: (post.role, post.unit_id or 0, post.cluster_id or 0)):
        if post.name in left_out:
            continue
        if post.role == "leader":
            person = chair
        else:
            person = next(ids)
            rows.append(people.add_person(person, post.name, NOW))
            rows.append(people.add_account("local", f"p{person}", person, CONSENT_VERSION, NOW))
        chair = person if post.name == f"Chủ trì {CLUSTERS[0]}" else chair
        since = date(2026, 1, 1)
        rows.append(
            people.add_role(
                next(ids), person, post.role, post.title, post.unit_id, post.cluster_id, since, post.id
            )
        )  # fmt: skip
    await db.write(rows)


async def _main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    url = f"sqlite:///{folder}/giaoban.db"
    await migrate(url)
    db = await open_database(url)
    try:
        await make(db, folder / "tinh.xlsx")
    finally:
        await db.close()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
