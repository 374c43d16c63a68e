"""A state storage for aiogram in a SQLite file, committed with synchronous=FULL: what a careful user would write."""

import json
from collections.abc import Mapping
from typing import Any

import aiosqlite
from aiogram.fsm.state import State
from aiogram.fsm.storage.base import BaseStorage, StateType, StorageKey

UPSERT = "insert into fsm (chat, {0}) values (?, ?) on conflict (chat) do update set {0} = excluded.{0}"


class SqliteStorage(BaseStorage):
    """One connection; every change is committed before the handler goes on."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    @classmethod
    async def open(cls, path: str) -> "SqliteStorage":
        connection = await aiosqlite.connect(path, isolation_level=None)  # every statement commits itself
        await connection.execute("pragma journal_mode=wal")
        await connection.execute("pragma synchronous=full")
        await connection.execute("create table if not exists fsm (chat integer primary key, state text, data text)")
        return cls(connection)

    async def set_state(self, key: StorageKey, state: StateType = None) -> None:
        name = state.state if isinstance(state, State) else state
        await self._connection.execute(UPSERT.format("state"), (key.chat_id, name))

    async def get_state(self, key: StorageKey) -> str | None:
        return await self._one("select state from fsm where chat = ?", key)

    async def set_data(self, key: StorageKey, data: Mapping[str, Any]) -> None:
        await self._connection.execute(UPSERT.format("data"), (key.chat_id, json.dumps(data, ensure_ascii=False)))

    async def get_data(self, key: StorageKey) -> dict[str, Any]:
        found = await self._one("select data from fsm where chat = ?", key)
        return json.loads(found) if found else {}

    async def _one(self, sql: str, key: StorageKey) -> str | None:
        async with self._connection.execute(sql, (key.chat_id,)) as cursor:
            row = await cursor.fetchone()
        return row[0] if row else None

    async def close(self) -> None:
        await self._connection.close()
