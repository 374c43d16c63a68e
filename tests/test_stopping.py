"""Starts and stops that something holds up: one limit for all steps, and nothing waited for beyond it."""

import asyncio
import errno
import os
import threading
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from bot_api.bell import PATIENCE
from telegram.error import NetworkError

from bot.app import App
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.updates import UpdateReader
from bot.clock import SystemClock
from bot.failures import Failed
from bot.settings import Settings
from bot.time_limits import LastResort, StartLimit
from storage.database import StorageUnavailable
from storage.engine import sqlite_files
from storage.engine.sqlite_files import RunnerLock, WriteTurn

TOUCH = "update period set code = code"
NOW = datetime(2026, 4, 12, 9, 30, tzinfo=UTC)


async def opened_app(url: str) -> App:
    return await App.open(Settings(_env_file=None, giaoban_database_url=url), SystemClock(), only=("local",))


@pytest.fixture
async def outside(migrated_url: str) -> AsyncIterator[Any]:
    """Somebody who locks what the bot wants to write and read."""
    connection = await asyncpg.connect(migrated_url)
    yield connection
    connection.terminate()


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_postgresql_that_no_longer_answers_is_not_waited_for_beyond_the_limit(
    migrated_url: str, outside: Any
) -> None:
    app = await opened_app(migrated_url)
    await app.start("stepped")
    await outside.execute("begin; lock table period in access exclusive mode")
    held = [asyncio.create_task(app.db.write([(TOUCH, ())])) for _ in range(3)]
    held.append(asyncio.create_task(app.db.read("select id from period")))  # type: ignore[arg-type]
    await asyncio.sleep(0)
    app.close_within(0.2)
    async with asyncio.timeout(PATIENCE / 2):  # less than the limit of a statement
        with pytest.raises(StorageUnavailable, match="does not answer, the stop did not wait"):
            await app.close()
        for outcome in await asyncio.gather(*held, return_exceptions=True):
            assert isinstance(outcome, StorageUnavailable)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_locked_file_is_not_waited_for_beyond_the_limit_and_closes_when_it_is_free(
    migrated_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_files, "BUSY_SECONDS", PATIENCE)
    app = await opened_app(migrated_url)
    await app.start("stepped")
    turn = WriteTurn(migrated_url.removeprefix("sqlite:///"))
    with turn.hold():
        held = asyncio.create_task(app.db.write([(TOUCH, ())]))
        await asyncio.sleep(0)
        app.close_within(0.2)
        with pytest.raises(StorageUnavailable, match="does not answer, the stop did not wait"):
            await app.close()
    turn.release()
    await app.db.close()
    assert len(await held) == 1


async def test_a_part_that_will_not_stop_takes_the_time_of_no_other(migrated_url: str) -> None:
    app = await opened_app(migrated_url)
    await app.start("stepped")

    async def never(_: float) -> None:
        await asyncio.Event().wait()

    app.ticker.stop = app.inbound.stop = app.sender.stop = never  # type: ignore[method-assign]
    app.close_within(0.2)
    try:
        async with asyncio.timeout(PATIENCE):
            await app.close()
    except StorageUnavailable:
        await app.db.close()  # a slow machine had no time left for the database


async def test_all_steps_of_a_start_share_one_limit() -> None:
    limit = StartLimit(0.05)
    with pytest.raises(Failed, match="the first: không trả lời"):
        async with limit.step("the first"):
            await asyncio.Event().wait()
    with pytest.raises(Failed, match="the second: không trả lời"):
        async with limit.step("the second"):
            await asyncio.Event().wait()


def test_what_hangs_beyond_all_limits_is_ended_with_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    left, codes = threading.Event(), []

    def leave(code: int) -> None:
        codes.append(code)
        left.set()

    last = LastResort(leave)
    last.set(PATIENCE * 10, "replaced")
    last.set(0, "the stop took too long")
    assert left.wait(PATIENCE)
    assert codes == [1]
    assert capsys.readouterr().err == "giaoban: the stop took too long\n"


async def test_what_was_set_and_cleared_ends_nothing() -> None:
    codes: list[int] = []
    last = LastResort(codes.append)
    last.set(PATIENCE * 10, "x")
    last.clear()
    assert last._timer is not None
    last._timer.join(PATIENCE)
    assert not last._timer.is_alive()
    assert codes == []


def test_a_disk_that_is_full_at_the_start_is_named_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        with pytest.raises(StorageUnavailable, match=r"a\.db\.lock .*No space left on device.*free space"):
            RunnerLock(str(tmp_path / "a.db"))
    RunnerLock(str(tmp_path / "a.db")).release()


async def test_polling_held_up_for_over_a_minute_is_told_until_it_goes_on() -> None:
    now = [NOW]
    answers: list[object] = [NetworkError("x"), NetworkError("x"), NetworkError("x"), [], asyncio.CancelledError()]
    told: list[str] = []

    async def fetch(_: int | None) -> object:
        told.append(polling.hold_up.lasting())
        answer = answers.pop(0)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def take(_: object) -> None:
        pass

    async def sleep(_: float) -> None:
        now[0] += timedelta(seconds=40)

    polling = Polling(UpdateReader("7", lambda: now[0]), fetch, take, lambda _: None, sleep)
    with pytest.raises(asyncio.CancelledError):
        await polling.run()
    assert told == ["", "", "network", "network", ""]
