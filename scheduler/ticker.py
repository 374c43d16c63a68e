"""The heartbeat: once a minute each job is asked what is due; what is due stands in the database, not in timers."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

import structlog

from storage.database import StorageUnavailable

log = structlog.get_logger()

STOP_SECONDS = 2.0
MINUTE: Final = 60.0  # seconds


class Job(Protocol):
    """Something that asks the database what is due."""

    async def tick(self, now: datetime) -> int:
        """Does everything due up to `now`; returns how many messages were queued."""
        ...


@dataclass(frozen=True, slots=True)
class WhileMisled:
    """The kinds of jobs that wait while the clock cannot be trusted. misled: whether that is so now."""

    kinds: tuple[type, ...]
    misled: Callable[[], Awaitable[bool]]


class Ticker:
    """Runs every job at start and then each minute; a missed minute costs nothing, the next one asks again."""

    def __init__(
        self,
        jobs: Sequence[Job],
        now: Callable[[], datetime],
        queued: Callable[[], None],
        lead: Callable[[], Awaitable[bool]] | None = None,
        waiting: WhileMisled | None = None,
    ) -> None:
        self._jobs = jobs
        self._now = now
        self._queued = queued  # wakes the sender
        self._lead = lead  # with several workers, only one of them beats
        self._waiting = waiting
        self._passed_over: tuple[type, ...] = ()
        self._running: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()
        self._stopping = False

    async def run(self) -> None:
        """Beats at once, then at every full minute; a clock that is moved meanwhile keeps no beat off for longer."""
        self._running = asyncio.current_task()
        while not self._stopping:
            await self.beat()
            await asyncio.sleep(MINUTE - self._now().timestamp() % MINUTE)

    async def stop(self, seconds: float = STOP_SECONDS) -> None:
        """No further beat; the one that runs ends with the job it is at, or is cut off after some seconds."""
        self._stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._one_at_a_time:
                pass
        if self._running is not None:
            self._running.cancel()

    async def beat(self) -> None:
        """One beat; a job that fails does not keep the others from running."""
        async with self._one_at_a_time:
            if self._stopping or (self._lead is not None and not await self._lead()):
                return
            await self._look_at_clock()
            await self._run_jobs(self._now(), self._passed_over)

    async def _look_at_clock(self) -> None:
        if self._waiting is None:
            return
        before, misled = self._passed_over, await self._waiting.misled()
        self._passed_over = self._waiting.kinds if misled else ()
        if misled and not before:
            log.warning("this clock is wrong or not confirmed by a server: what goes by the hour waits")
        elif before and not misled:
            log.warning("the clock is right: what goes by the hour goes on")

    async def tick(self, now: datetime) -> int:
        """Runs all jobs for that instant, whatever the clock shows; returns how many messages were queued."""
        async with self._one_at_a_time:
            return await self._run_jobs(now)

    async def _run_jobs(self, now: datetime, passed_over: tuple[type, ...] = ()) -> int:
        queued = 0
        for job in self._jobs:
            if self._stopping:
                break
            if isinstance(job, passed_over):
                continue
            try:
                queued += await job.tick(now)
            except StorageUnavailable as error:
                log.error("database unavailable, the beat waits", reason=str(error))
            except Exception as error:
                log.exception("job failed", job=type(job).__name__, error=type(error).__name__)
        if queued:
            self._queued()
        return queued
