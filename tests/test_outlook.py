"""What the jobs of one beat plan from: read once while nothing is written, and anew after that."""

from two_clusters import at, load

from scheduler.planned.outlook import Outlooks
from storage.database import Database
from storage.people import preferences


async def test_the_facts_of_an_instant_are_read_once_and_anew_after_anything_was_written(database: Database) -> None:
    await load(database)
    outlooks, now = Outlooks(database, ("local",)), at("2026-04-07")
    first = await (await outlooks.at(now)).situation()
    assert await (await outlooks.at(now)).situation() is first
    await database.write([preferences.remember("probe", "1")])
    second = await (await outlooks.at(now)).situation()
    assert second is not first
    assert second == first
    await outlooks.tick(now)
    assert await (await outlooks.at(now)).situation() is not second
