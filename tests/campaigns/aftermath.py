"""What a database holds after a kill, read while no bot runs, and what of it should not be so."""

from collections import Counter
from dataclasses import dataclass

from campaigns.crowd import Person

from storage.database import Database
from storage.engine.open import open_database

LEASES_AND_CLAIMS = 10 * 60 * 1000  # milliseconds, more than any of them lasts


@dataclass(frozen=True, slots=True)
class Found:
    """stored: ids of the updates in the inbox. amounts, petitions: effects, in order. in_flight: leased rows."""

    stored: frozenset[int]
    aside: int
    amounts: dict[int, list[int]]
    petitions: Counter[str]
    in_flight: frozenset[str]

    def lost(self, person: Person, *, answered_only: bool = False) -> int:
        """Messages of the person without effect; only as many as were answered, oldest first, if so asked."""
        count = person.answered if answered_only else person.said
        said = list(person.updates.values())[:count]
        amounts = set(self.amounts.get(person.unit, ()))
        return sum(what not in (amounts if isinstance(what, int) else self.petitions) for what in said)

    def doubled(self, person: Person) -> int:
        """Effects beyond the first of each message."""
        amounts = Counter(self.amounts.get(person.unit, ()))
        petitions = [self.petitions[text] for text in person.petitions]
        return sum(count - 1 for count in (*amounts.values(), *petitions) if count > 1)

    def out_of_order(self, person: Person) -> bool:
        """Whether values had their effect in another order than said."""
        amounts = self.amounts.get(person.unit, [])
        return amounts != sorted(amounts)


async def look(url: str) -> Found:
    """Reads it all."""
    db = await open_database(url)
    try:
        return await _look(db)
    finally:
        await db.close()


async def _look(db: Database) -> Found:
    inbox = await db.read("select message_id, error from inbox")
    events = await db.read("select unit_id, new from event where action = 'value.put' order by id")
    texts = await db.read("select text from petition")
    # Leases of earlier kills, which `let_time_pass` has set back, may not have been settled yet.
    leased = await db.read(
        "select dedupe_key from outbox where state = 'leased' and leased_until_at >"
        " (select max(leased_until_at) from outbox where state = 'leased') - ?",
        (LEASES_AND_CLAIMS // 2,),
    )
    amounts: dict[int, list[int]] = {}
    for unit, new in events:
        amounts.setdefault(unit, []).append(int(new))
    return Found(
        frozenset(int(row[0]) for row in inbox),
        sum(row[1] is not None for row in inbox),
        amounts,
        Counter(row[0] for row in texts),
        frozenset(row[0] for row in leased),
    )


async def let_time_pass(url: str) -> None:
    """As if the machine stood still for ten minutes: leases and claims of the dead run out."""
    db = await open_database(url)
    try:
        back = (LEASES_AND_CLAIMS,)
        await db.write(
            [
                ("update outbox set leased_until_at = leased_until_at - ? where state = 'leased'", back),
                ("update inbox set claimed_until_at = claimed_until_at - ? where done_at is null", back),
            ]
        )
    finally:
        await db.close()
