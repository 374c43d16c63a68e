"""Units of work in, batches for the writer tasks out, and to each caller the outcome of its own unit."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeAlias

from storage.database import Statement, StorageError, StorageUnavailable

Unit: TypeAlias = Sequence[Statement]
Outcome: TypeAlias = list[int] | Exception
Waiting: TypeAlias = tuple[Unit, asyncio.Future[list[int]]]


class UnitQueue:
    """Feeds one or more writer tasks with batches and brings each caller the outcome of its own unit.

    The unit belongs to the writer from the moment it is handed in. A cancelled caller only stops waiting:
    cancellation can neither halve a unit nor disturb the transaction of anybody else.
    """

    def __init__(self, location: str, in_plain_words: Callable[[BaseException], StorageError]) -> None:
        self._location = location
        self._in_plain_words = in_plain_words
        self._queue: asyncio.Queue[Waiting | None] = asyncio.Queue()
        self._closed = False
        self.taken = 0  # units that were handed in
        self.trouble = ""  # why the last write could not be done; empty once a row was written again

    async def apply(self, unit: Unit) -> list[int]:
        """Hand the unit in and wait until it is committed or refused."""
        if self._closed:
            raise self.stopped("nothing was written")
        future: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self.taken += 1
        self._queue.put_nowait((unit, future))
        return await future

    async def batch(self, most: int, *, gather: bool = False) -> list[Waiting] | None:
        """Wait for a unit and take up to `most` of those waiting; None once the queue is closed and empty.

        gather: as long as more come with every turn of the loop, wait for them: the fewer commits, the cheaper.
        """
        first = await self._queue.get()
        if first is None:
            self._queue.put_nowait(None)  # for the next writer
            return None
        batch = [first]
        try:
            seen = -1
            while gather and seen < self._queue.qsize() < most:
                seen = self._queue.qsize()
                await asyncio.sleep(0)
        except BaseException:
            self.abandon(batch)
            raise
        while len(batch) < most and not self._queue.empty():
            item = self._queue.get_nowait()
            if item is None:
                self._queue.put_nowait(None)
                break
            batch.append(item)
        return batch

    def settle(self, batch: Sequence[Waiting], outcomes: Sequence[Outcome]) -> None:
        """Bring each caller its outcome; strict, so that no unit is ever left without one."""
        for (_, future), outcome in zip(batch, outcomes, strict=True):
            self._note(outcome)
            if future.done():
                continue  # the caller was cancelled; its unit is whole all the same
            if not isinstance(outcome, Exception):
                future.set_result(outcome)
                continue
            fault = self._in_plain_words(outcome)
            if isinstance(fault, StorageUnavailable):
                # A lost batch fails with one object; raised in many tasks its tracebacks would mix.
                fault = StorageUnavailable(str(fault), fault.kind, fault.location)
            fault.__cause__ = outcome
            future.set_exception(fault)

    def _note(self, outcome: Outcome) -> None:
        if isinstance(outcome, Exception):
            fault = self._in_plain_words(outcome)
            self.trouble = str(fault) if isinstance(fault, StorageUnavailable) else self.trouble
        elif any(outcome):  # what changes no row succeeds on a full disk, too
            self.trouble = ""

    def close(self) -> None:
        """Take no more units; the writers still finish what was handed in."""
        if not self._closed:
            self._closed = True
            self._queue.put_nowait(None)

    def abandon(self, batch: Sequence[Waiting]) -> None:
        """The writers end: whoever still waits is told, those of `batch` that nobody knows the outcome."""
        self.close()
        self.settle(batch, [self.stopped("the last units may or may not be written")] * len(batch))
        while not self._queue.empty():
            if (item := self._queue.get_nowait()) is not None:
                self.settle([item], [self.stopped("nothing was written")])
        self._queue.put_nowait(None)

    async def ended(self, closing: asyncio.Task[None], seconds: float | None) -> None:
        """Waits for the closing, which goes on by itself. Raises StorageUnavailable if it takes longer."""
        done, _ = await asyncio.wait([closing], timeout=seconds)
        if not done:
            raise StorageUnavailable(
                f"database {self._location} does not answer, the stop did not wait for it any longer: what was"
                " acknowledged is stored, the next start takes up the rest"
            )
        closing.result()

    def stopped(self, consequence: str) -> StorageUnavailable:
        return StorageUnavailable(f"database {self._location} is closed, {consequence}: start the program again")
