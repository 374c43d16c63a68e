"""A cluster whose figures are those of a real quarterly meeting, with last year's beside them, for the pack's tests."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from two_clusters import at

from bot.pack.contents import Pack
from bot.pack.gathering import gathered
from bot.resources import load_catalogue
from handlers.access.enrolment import CONSENT_VERSION
from reporting.figures.targets import Target
from reporting.figures.values import Value, scaled
from reporting.organisation.part import Part
from reporting.time.deadlines import Terms
from reporting.time.periods import parse_period
from storage.database import Database, Statement
from storage.organisation import targets, units
from storage.people import people
from storage.periods import rounds
from storage.reports import petitions, submissions

CATALOGUE = load_catalogue(None)
NOW = at("2026-06-08", "08:00")
PERIOD, YEAR_AGO = "2026-H1", "2025-H1"
SINCE = date(2020, 1, 1)

# What the cluster of that meeting reached in half a year, and whether it was called "trên" or "hơn".
REACHED: dict[str, tuple[str, bool]] = {
    "sinh_hoat_chi_doan": ("450", True), "luot_sinh_hoat_chi_doan": ("10000", True),
    "hoat_dong_ve_nguon": ("43", True), "tin_bai_fanpage": ("150", True), "report_xau_doc": ("5000", True),
    "tin_bai_bao_dai": ("400", True), "luot_don_ve_sinh": ("2500", False), "don_ve_sinh": ("200", False),
    "cay_xanh": ("92000", True), "km_duong_xanh": ("3.5", False), "km_duong_sua_chua": ("2.5", False),
    "km_thap_sang": ("1.5", False), "khu_vui_choi": ("7", False), "tien_bien_gioi": ("200", True),
    "don_vi_mau": ("1028", False), "ho_so_truc_tuyen": ("3781", True), "nguoi_dan_huong_dan_so": ("16000", True),
    "tai_khoan_vneid": ("8500", False), "hoat_dong_khoi_nghiep": ("35", False), "luot_khoi_nghiep": ("1791", False),
    "buoi_tu_van_viec_lam": ("16", False), "luot_tu_van_viec_lam": ("868", True), "mo_hinh_kinh_te": ("25", True),
}  # fmt: skip
UNITS = {"DX01": "Đoàn đặc khu Cô Tô", "DX02": "Đoàn xã Hải Hòa", "DX03": "Đoàn xã Ba Chẽ", "DX04": "Đoàn xã Bình Liêu"}
TARGETS = {"don_vi_mau": ("2000", None), "cay_xanh": ("80000", None), "khu_vui_choi": ("12", date(2026, 3, 31))}


def scaled_amount(code: str, number: str) -> int:
    """The stored amount of a number as it is written in code."""
    return scaled(Decimal(number), CATALOGUE[code].kind)


def shares(code: str, amount: int, of: int) -> list[int]:
    """The amount in so many parts that add up to it, the first the largest."""
    part = amount // (of + 1)
    part -= part % (10 ** {"int": 0, "decimal": 2, "money": 5}[CATALOGUE[code].kind])
    return [amount - part * (of - 1), *[part] * (of - 1)]


def rows(names: dict[str, str], asked: Sequence[str] = (), last_year: bool = True) -> list[Statement]:
    """The cluster: the first three units have filed the figures, the fourth has not; all four filed last year's."""
    ids, found, unit_ids = count(1), list[Statement](), dict[str, int]()
    province, cluster, office = next(ids), next(ids), next(ids)
    found.append(units.add_unit(province, "TD", "Tỉnh đoàn Quảng Hải", "tinh_doan", None, SINCE))
    found.append(units.add_cluster(cluster, "C1", "Cụm thi đua khối huyện", 1, province, SINCE))
    for code, name in names.items():
        unit_ids[code] = next(ids)
        found.append(units.add_unit(unit_ids[code], code, name, "doan_co_so", province, SINCE))
        found.append(units.join_cluster(cluster, unit_ids[code], SINCE))
    found += [
        people.add_person(office, "Vũ Lan", NOW),
        people.add_account("local", "office", office, CONSENT_VERSION, NOW),
        people.add_role(next(ids), office, "office", "Văn phòng", province, None, SINCE),
    ]
    terms = Terms(deadline_lead=0)
    for code, state in ((YEAR_AGO, "closed"), (PERIOD, "open"))[not last_year :]:
        period_id = next(ids)
        found.append(rounds.add_period(period_id, parse_period(code), state, NOW, terms))  # type: ignore[arg-type]
        filing = list(names)[: 3 if code == PERIOD else 4]
        for unit in filing:
            found.append(submissions.touch(period_id, unit_ids[unit], 0, "submitted", office, NOW))
        for indicator, (number, approx) in REACHED.items():
            amount = scaled_amount(indicator, number)
            amount = amount if code == PERIOD else amount * 4 // 5
            for unit, part in zip(filing, shares(indicator, amount, len(filing)), strict=True):
                value = Value(part, approx, f"{'trên ' if approx else ''}{part}")
                found += submissions.put(period_id, unit_ids[unit], indicator, value, None, office, NOW)
        found += [submissions.sent(period_id, unit_ids[unit], office, NOW) for unit in filing]
        if code == PERIOD:
            starts = at("2026-06-15", "08:00")
            found.append(rounds.add_briefing(next(ids), period_id, cluster, starts, "đặc khu Cô Tô", office))
            for indicator, (number, due) in TARGETS.items():
                target = scaled_amount(indicator, number)
                found.append(targets.set_target(period_id, Part(unit_id=province), Target(indicator, target, due)))
            for text in asked:
                found += petitions.raise_petition(next(ids), period_id, unit_ids["DX01"], office, text, NOW)
    return found


async def load_pack(db: Database, names: dict[str, str] | None = None, **changed: Any) -> None:
    """Writes the cluster into an empty database."""
    from storage.reports import running

    await running.keep_rates(db, CATALOGUE)
    await db.write(rows(names or UNITS, **changed))
    await db.write(running.recount())


async def pack_of(db: Database, area: str = "cluster:C1", now: datetime = NOW, **more: Any) -> Pack:
    """The pack of the open period."""
    [round_] = await rounds.open_rounds(db)
    return await gathered(db, CATALOGUE, round_, area, now, **more)
