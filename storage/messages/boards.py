"""Living posts as rows: what a cluster's group shows of a period, put up once and changed in place since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from storage.database import Database, Statement


@dataclass(frozen=True, slots=True)
class Board:
    """A group's post of a period. message: the key that put it up, '' once it is gone; external_id: the channel's own id
    of it, '' until it has arrived; state: of that message; lost: how often it was gone."""

    channel: str
    chat_id: str
    period_id: int
    cluster_id: int
    message: str
    mark: str
    posted_on: date
    lost: int
    external_id: str
    state: str


async def standing(db: Database, period_ids: Sequence[int]) -> list[Board]:
    """The posts of these periods in every group."""
    if not period_ids:
        return []
    rows = await db.read(
        "select b.channel, b.chat_id, b.period_id, b.cluster_id, coalesce(b.message, ''), b.mark, b.posted_on, b.lost,"
        " coalesce(o.external_id, ''), coalesce(o.state, '') from board b"
        " left join outbox o on o.dedupe_key = b.message"
        f" where b.period_id in ({', '.join('?' * len(period_ids))}) order by b.channel, b.chat_id, b.period_id",
        tuple(period_ids),
    )
    return [Board(r[0], r[1], r[2], r[3], r[4], r[5], date.fromisoformat(r[6]), r[7], r[8], r[9]) for r in rows]


def put_up(chat: tuple[str, str], period_id: int, cluster_id: int, message: str, mark: str, today: date) -> Statement:
    """That message is the group's post of the period from now on. chat: channel and chat."""
    return (
        "insert into board (channel, chat_id, period_id, cluster_id, message, mark, posted_on) values (?, ?, ?, ?, ?, ?, ?)"
        " on conflict (channel, chat_id, period_id) do update set cluster_id = excluded.cluster_id,"
        " message = excluded.message, mark = excluded.mark, posted_on = excluded.posted_on",
        (*chat, period_id, cluster_id, message, mark, today.isoformat()),
    )


def shows(board: Board, mark: str) -> Statement:
    """The post is changed to show this; fails the unit of work if another worker was quicker."""
    return (
        "update board set mark = ? where channel = ? and chat_id = ? and period_id = ? and mark = ? and message = ?",
        (mark, board.channel, board.chat_id, board.period_id, board.mark, board.message),
        1,
    )


def gone(message: str) -> Statement:
    """Somebody has taken the post away."""
    return ("update board set message = null, lost = lost + 1 where message = ?", (message,))
