"""Figures for monitoring: the rows of inbox and outbox go in, a page in Prometheus' text format comes out."""

from storage.database import Database
from storage.messages import outbox


async def metrics_page(db: Database) -> tuple[bytes, str]:
    """The page of this moment and its content type. Raises StorageError."""
    # Imported here: it takes some 40 ms, and only a monitor asks for the page.
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    states = await outbox.by_state(db)
    waiting = await db.read("select count(*) from inbox where done_at is null")
    failed = await db.read("select count(*) from inbox where error is not null")
    registry = CollectorRegistry()
    messages = Gauge("giaoban_outbox_messages", "Messages by what became of them.", ["state"], registry=registry)
    for state, count in states.items():
        messages.labels(state).set(count)
    Gauge("giaoban_inbox_waiting", "Messages stored and not yet answered.", registry=registry).set(waiting[0][0])
    Gauge("giaoban_inbox_set_aside", "Messages that could not be handled.", registry=registry).set(failed[0][0])
    return generate_latest(registry), CONTENT_TYPE_LATEST
