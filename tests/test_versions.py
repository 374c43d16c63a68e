"""A figure once given out keeps its version: the next paper lists what has changed since, each with old and new."""

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from two_clusters import at, load, one, open_period, unit_id

from reporting.dialogue.changed import ReportEvent, changed_since
from reporting.figures.values import Value
from reporting.organisation.part import WHOLE, Part
from storage.database import Database
from storage.reports import running, submissions, versions
from storage.review import corrections
from storage.review.corrections import Corrected, Correction

NOW = at("2026-04-08")
DAY = date(2026, 4, 8)


async def file(db: Database, code: str, rev: int, state: str, **values: Value | None) -> tuple[int, int]:
    """What a dialogue leaves: the state touched, values put or (None) taken out, the sending told."""
    ids = (await open_period(db), await unit_id(db, code))
    rows: list[Any] = [submissions.touch(*ids, rev, state, 0, NOW)]  # type: ignore[arg-type]
    for indicator, value in values.items():
        old = await one(db, "select max(amount) from value where unit_id = ? and indicator = ?", ids[1], indicator)
        if value is None:
            rows += submissions.remove(*ids, indicator, Value(old), 0, NOW)
        else:
            rows += submissions.put(*ids, indicator, value, None if old is None else Value(old), None, NOW)
    if state == "submitted":
        rows.append(submissions.sent(*ids, 0, NOW))
    await db.write(running.around(*ids, rows))
    return ids


def told(found: list[versions.ChangedFigure]) -> list[tuple[str, str, int | None, int | None]]:
    return [
        (one.unit, one.indicator, one.old.amount if one.old else None, one.new.amount if one.new else None)
        for one in found
    ]


async def test_a_paper_lists_what_has_changed_since_the_one_before(database: Database) -> None:
    await load(database)
    ids = await file(database, "CD01", 0, "submitted", cay_xanh=Value(100), don_vi_mau=Value(4))
    await file(database, "CD02", 0, "draft", cay_xanh=Value(7))
    version = await versions.settled(database, ids[0])
    await database.write([versions.hand_out((1, "pack"), ids[0], WHOLE, version, (None, NOW), {"task": {"KL-1": "a"}})])
    kept = await versions.last(database, ids[0], "pack", WHOLE)
    assert kept is not None
    assert (kept.version, kept.at, kept.shown) == (version, NOW, {"task": {"KL-1": "a"}})
    assert await versions.last(database, ids[0], "pack", Part(cluster_id=1)) is None
    assert await versions.at_lock(database, ids[0]) is None

    async def changes(part: Part = WHOLE) -> list[tuple[str, str, int | None, int | None]]:
        return told(await versions.changed_since(database, ids[0], kept.version, part, DAY))

    assert await changes() == []
    await file(database, "CD01", 1, "submitted", cay_xanh=Value(150, True), don_vi_mau=None)
    assert await changes() == [("CD01", "cay_xanh", 100, 150), ("CD01", "don_vi_mau", 4, None)]
    await file(database, "CD02", 1, "submitted", cay_xanh=Value(8))  # as a draft it was in no paper
    assert ("CD02", "cay_xanh", None, 8) in await changes()
    first, second = [await one(database, "select id from cluster where code = ?", code) for code in ("C1", "C2")]
    assert len(await changes(Part(first))) == 3
    assert await changes(Part(second)) == []
    await file(database, "CD01", 2, "submitted", cay_xanh=Value(100), don_vi_mau=Value(4))  # as it was
    assert await changes() == [("CD02", "cay_xanh", None, 8)]
    # What is opened again goes on counting; what is not closed cannot be opened, and nothing is said.
    unit = await unit_id(database, "CD01")
    await database.write(submissions.reopen(ids[0], unit, None, NOW))
    assert await changes() == [("CD02", "cay_xanh", None, 8)]
    await database.write(submissions.act_on(ids[0], unit, "accept"))
    # What the office agrees to after the lock stands in the next paper and, old beside new, in the audit.
    figure = Corrected("cay_xanh", Value(100), Value(120))
    late = Correction(1, ids[0], "2026-Q1", unit, "", (figure,), "đếm thiếu", None)
    rev = await one(database, "select rev from submission where unit_id = ?", unit)
    await database.write([*corrections.ask(late, NOW), *corrections.approve(late, rev, "accepted", None, NOW)])
    assert ("CD01", "cay_xanh", 100, 120) in await changes()
    [told_] = await database.read("select old, new, reason from event where action = 'correction.approved'")
    assert tuple(told_) == ("100", "120", "đếm thiếu")
    await database.write(submissions.reopen(ids[0], unit, None, NOW))
    assert ("CD01", "cay_xanh", 100, 120) in await changes()
    assert await running.differences(database) == []


WHATS = ("put", "removed", "stands", "sent", "returned", "accepted")
STEPS = st.lists(st.tuples(st.sampled_from(WHATS), st.integers(1, 9)))


@given(STEPS, st.integers(0, 30))
def test_the_list_is_the_difference_of_what_counted_then_and_counts_now(
    steps: list[tuple[str, int]], version: int
) -> None:
    events, values, state, waits = list[ReportEvent](), dict[str, int](), "", set[str]()
    then, now = dict[str, int](), dict[str, int]()
    for number, (what, amount) in enumerate(steps, 1):
        code = "ab"[amount % 2]
        events.append(ReportEvent(2 * number, 0, None, f"value.{what}", code, str(amount) if what == "put" else None))
        if what in ("put", "removed", "stands"):
            waits.discard(code)
            values = {key: value for key, value in values.items() if key != code or what == "stands"}
            values |= {code: amount} if what == "put" else {}
        else:
            if what != "returned":
                events.pop()
            else:  # the figure comes back, and with it the report
                waits.add(code)
            events.append(ReportEvent(2 * number + 1, 0, None, f"submission.{what}", "submission", None))
            state = what
        kept = waits if state == "returned" else ()
        now = {key: value for key, value in values.items() if key not in kept} if state else {}
        if number <= version:
            then = now
    wanted = {code: (then.get(code), now.get(code)) for code in then | now if then.get(code) != now.get(code)}
    found = {one.indicator: (one.old, one.new) for one in changed_since(events, 2 * version + 1)}
    assert {c: tuple(v.amount if v else None for v in pair) for c, pair in found.items()} == wanted


def test_a_figure_given_back_and_sent_anew_is_told_with_what_it_was_and_its_unit_is_no_new_one() -> None:
    happened = [
        ("value.put", "cay_xanh", "3"), ("value.put", "hoi_vien", "5"), ("submission.sent", "", None),
        ("value.returned", "cay_xanh", None), ("submission.returned", "", None),
        ("value.put", "cay_xanh", "4"), ("submission.sent", "", None),
    ]  # fmt: skip
    events = [ReportEvent(number, number, None, *one) for number, one in enumerate(happened, 1)]
    [changed] = changed_since(events, 5)
    assert (changed.old, changed.back, changed.new, changed.had) == (None, Value(3), Value(4), True)
    assert not any(one.had for one in changed_since(events[:3], 0))
