"""Small organisations for tests, written as YAML: units with their secretaries, clusters, a period, briefings."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from bot.resources import load_catalogue
from handlers.access.codes import code_hash
from handlers.access.enrolment import CONSENT_VERSION
from reporting.dialogue.doubts import standing_out
from reporting.dialogue.draft import Draft
from reporting.figures.targets import Target
from reporting.figures.values import Value, scaled
from reporting.organisation.part import Part
from reporting.text.yaml_loader import LOADER
from reporting.time.calendar import VIETNAM
from reporting.time.deadlines import Terms
from reporting.time.periods import parse_period
from storage.database import Statement
from storage.engine.open import open_database
from storage.organisation import targets, units
from storage.people import groups, invites, people
from storage.periods import rounds
from storage.reports import running, submissions
from storage.reports.events import happened
from storage.review import findings

FIRST = datetime(2026, 4, 2, 8, 0, tzinfo=VIETNAM)
SINCE = date(2020, 1, 1)
OPEN_FOR = timedelta(days=14)
TERMS = Terms(deadline_lead=0)  # due on the day of the cluster's own briefing


def organisation(path: Path) -> dict[str, Any]:
    """What a YAML file says of an organisation; read by the fast loader, for half of the tests begin with it."""
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=LOADER)
    return found


async def load_province(url: str, path: Path, now: datetime) -> None:
    """Writes the organisation of a YAML file into an empty migrated database."""
    db = await open_database(url)
    try:
        await db.write(statements(organisation(path), now.astimezone(UTC)))
    finally:
        await db.close()


def statements(raw: dict[str, Any], now: datetime) -> list[Statement]:
    """The rows of an organisation."""
    ids = count(1)
    unit_ids: dict[str, int] = {}
    cluster_ids: dict[str, int] = {}
    people_ids: dict[str, int] = {}
    rows: list[Statement] = []

    def person(chat: str, name: str) -> int:
        if chat not in people_ids:
            people_ids[chat] = next(ids)
            rows.append(people.add_person(people_ids[chat], name, now))
            rows.append(people.add_account("local", chat, people_ids[chat], CONSENT_VERSION, now))
        return people_ids[chat]

    for entry in raw["units"]:
        unit_ids[entry["code"]] = next(ids)
        rows.append(
            units.add_unit(
                unit_ids[entry["code"]],
                entry["code"],
                entry["name"],
                entry["level"],
                unit_ids.get(entry.get("parent", "")),
                SINCE,
            )
        )
    province = next(iter(unit_ids.values()))
    for position, entry in enumerate(raw["clusters"], 1):
        cluster_ids[entry["code"]] = next(ids)
        rows.append(
            units.add_cluster(cluster_ids[entry["code"]], entry["code"], entry["name"], position, province, SINCE)
        )
        rows += [units.join_cluster(cluster_ids[entry["code"]], unit_ids[code], SINCE) for code in entry["units"]]
        rows += [groups.link("local", chat, cluster_ids[entry["code"]], now) for chat in entry.get("groups", ())]
    for entry in raw.get("people", ()):
        cluster = cluster_ids.get(entry.get("cluster", ""))
        unit = unit_ids.get(entry.get("unit", ""))
        who = person(entry["chat"], entry["name"])
        rows.append(people.add_role(next(ids), who, entry["role"], entry.get("title", ""), unit, cluster, SINCE))
    for entry in raw.get("codes", ()):
        expires = datetime.fromisoformat(entry.get("expires", "2099-01-01")).replace(tzinfo=UTC)
        unit = unit_ids.get(entry.get("unit", ""))
        cluster = cluster_ids.get(entry.get("cluster", ""))
        kind = entry.get("kind", "person")
        role = entry.get("role") if kind == "person" else None
        rows.append(invites.issue(next(ids), code_hash(entry["code"]), kind, role, unit, cluster, now, expires))
    for entry in raw["periods"]:
        period_id = next(ids)
        rows.append(
            rounds.add_period(
                period_id,
                parse_period(entry["code"]),
                entry.get("state", "open"),
                _opened_at(entry, now),
                _terms(entry),
            )
        )
        for briefing in entry.get("briefings", ()):
            starts = datetime.strptime(briefing["at"], "%Y-%m-%d %H:%M").replace(tzinfo=VIETNAM)
            chair = people_ids.get(briefing.get("chair", ""))
            cluster = cluster_ids[briefing["cluster"]]
            host, mode = unit_ids.get(briefing.get("host", "")), briefing.get("mode", "in_person")
            place = briefing["place"]
            rows.append(rounds.add_briefing(next(ids), period_id, cluster, starts, place, chair, mode, host))
        for target in entry.get("targets", ()):
            due = date.fromisoformat(target["due"]) if target.get("due") else None
            amount = scaled(Decimal(str(target["value"])), _kind(target["indicator"]))
            rows.append(targets.set_target(period_id, Part(unit_id=province), Target(target["indicator"], amount, due)))
        for state in ("accepted", "submitted"):
            for code, values in entry.get(state, {}).items():
                unit = unit_ids[code]
                rows.append(submissions.touch(period_id, unit, 0, state, 0, now))  # type: ignore[arg-type]
                given = {
                    indicator: Value(scaled(Decimal(str(number)), _kind(indicator)), False, str(number))
                    for indicator, number in values.items()
                }
                for indicator, value in given.items():
                    rows += submissions.put(period_id, unit, indicator, value, None, None, now)
                if state == "submitted":
                    rows.append(happened("submission.sent", "submission", None, now, period_id=period_id, unit_id=unit))
                    level = next(u["level"] for u in raw["units"] if u["code"] == code)
                    draft = Draft(entry["code"], given)
                    rows += findings.renew(period_id, unit, standing_out(CATALOGUE, level, draft))
    return rows + running.recount()


def _opened_at(entry: dict[str, Any], now: datetime) -> datetime:
    """A period's `opened: now`, or two weeks ago: what was said at the opening has been said then."""
    return now if entry.get("opened") == "now" else now - OPEN_FOR


def _terms(entry: dict[str, Any]) -> Terms:
    """A period's `terms`: days as YAML reads them; without any it is due on the day of each cluster's briefing."""
    return Terms(**entry["terms"]) if "terms" in entry else TERMS


def _kind(indicator: str) -> Any:
    return CATALOGUE[indicator].kind


CATALOGUE = load_catalogue(None)
