"""A database URL in, the open database of that engine out."""

from storage.database import Database, sqlite_path


async def open_database(url: str, *, exclusive: bool = False) -> Database:
    """Open the database at `url`; `exclusive=True` is for the running bot, the only runner of a SQLite file.

    Raises DatabaseUrlError or StorageUnavailable. Does not create tables: `storage.engine.migrate` does.
    """
    # Drivers are imported here so that a SQLite bot does not pay for asyncpg, nor the other way round.
    path = sqlite_path(url)
    if path is None:
        from storage.engine.postgres import PostgresDatabase

        return await PostgresDatabase.open(url)
    from storage.engine.sqlite import SqliteDatabase

    return await SqliteDatabase.open(path, exclusive=exclusive)
