"""kill -9 while units are written and while two workers migrate: what was acknowledged is there, nothing is half."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from campaigns.running import module

from storage.engine.migrate import migrate, schema_state
from storage.engine.open import open_database

TABLES = [
    ("create table half (unit bigint not null, side text not null, primary key (unit, side))", ()),
    ("create table total (units bigint not null)", ()),
    ("insert into total (units) values (0)", ()),
]
STEPS = 30


@pytest.mark.parametrize(
    "kills", [pytest.param(3, id="short"), pytest.param(60, id="long", marks=pytest.mark.campaign)]
)
async def test_a_killed_writer_loses_nothing_it_acknowledged_and_halves_nothing(
    database_url: str, tmp_path: Path, kills: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(kills)
    db = await open_database(database_url)
    await db.write(TABLES)
    await db.close()
    acknowledged: set[int] = set()
    for kill in range(kills):
        async with module("writer", database_url, f"{kill + 1}000000", cwd=tmp_path) as writer:
            await writer.line(f"{kill + 1}")
            await asyncio.sleep(dice.uniform(0.0, 0.4))
            ended = await writer.kill()
        # The last line may have been cut off in the middle by the kill.
        acknowledged |= {int(line) for line in ended.out.rpartition("\n")[0].split()[1:]}
    db = await open_database(database_url)
    try:
        sides = {row[0]: row[1] for row in await db.read("select unit, count(*) from half group by unit")}
        total = (await db.read("select units from total"))[0][0]
    finally:
        await db.close()
    lost = len(acknowledged - sides.keys())
    halves = sum(count != 2 for count in sides.values())
    counted(
        f"{kills} kills, {len(acknowledged)} units acknowledged: lost {lost}, halved {halves};"
        f" {len(sides) - len(acknowledged)} stored that nobody was told of"
    )
    assert acknowledged
    assert (lost, halves) == (0, 0)
    assert total == len(sides)


def a_long_way(folder: Path) -> Path:
    """Steps that each would show being done twice or by half."""
    folder.mkdir()
    for number in range(1, STEPS + 1):
        begin = "create table done (step bigint not null, part text not null);\n" if number == 1 else ""
        (folder / f"{number:04}_step.sql").write_text(
            f"{begin}insert into done (step, part) values ({number}, 'begun');\n"
            f"create table part_{number} (id bigserial primary key, words text not null);\n"
            f"create index part_{number}_words on part_{number} (words);\n"
            f"insert into done (step, part) values ({number}, 'ended');\n"
        )
    return folder


@pytest.mark.parametrize(
    "rounds", [pytest.param(2, id="short"), pytest.param(30, id="long", marks=pytest.mark.campaign)]
)
async def test_two_racing_migrations_killed_at_any_moment_apply_each_step_once(
    engine: str, request: pytest.FixtureRequest, tmp_path: Path, rounds: int, counted: Callable[[str], None]
) -> None:
    dice = random.Random(rounds)
    folder = a_long_way(tmp_path / "steps")
    cut_short = finished = 0
    for number in range(rounds):
        if engine == "sqlite":
            url = f"sqlite:///{tmp_path / f'{number}.db'}"
        else:
            url = request.getfixturevalue("postgres_databases").empty()
        async with (
            module("migrator", url, str(folder), cwd=tmp_path) as one,
            module("migrator", url, str(folder), cwd=tmp_path) as other,
        ):
            await one.line("begins")
            await other.line("begins")
            await asyncio.sleep(dice.uniform(0.0, 0.08))
            await one.kill()
            if number % 2:
                await other.kill()
            elif (ended := await other.ended()).code:
                pytest.fail(ended.err)
        db = await open_database(url)
        try:
            version = (await schema_state(db, folder))[0]
            cut_short += version < STEPS
            finished += version == STEPS
        finally:
            await db.close()
        await migrate(url, folder)
        db = await open_database(url)
        try:
            steps = [tuple(row) for row in await db.read("select step, part from done order by step, part")]
            versions = [row[0] for row in await db.read("select version from schema_version order by version")]
        finally:
            await db.close()
        assert steps == [(step, part) for step in range(1, STEPS + 1) for part in ("begun", "ended")]
        assert versions == list(range(1, STEPS + 1))
    counted(
        f"{rounds} races of two with {rounds + rounds // 2} kills: {cut_short} databases left on the way, {finished}"
        " finished by the other; steps done twice or by half 0"
    )
