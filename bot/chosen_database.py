"""Settings in, the open database out; refused where there is none, or one of another version."""

from pathlib import Path

from bot.failures import failed
from bot.settings import DEMO_FOLDER, Settings
from storage.database import Database, sqlite_path
from storage.engine.migrate import require_schema
from storage.engine.open import open_database


def demo_file(folder: Path) -> Path:
    """The demo's database in its folder."""
    return folder / "giaoban.db"


def has_data(settings: Settings) -> bool:
    """Whether the settings name a database that exists, other than the demo's."""
    path = sqlite_path(settings.giaoban_database_url)
    return path is None or (Path(path).exists() and Path(path).resolve() != demo_file(DEMO_FOLDER).resolve())


def require_file(settings: Settings) -> None:
    """Refuses a SQLite file that does not exist: opening would make an empty one where somebody mistyped a path."""
    path = sqlite_path(settings.giaoban_database_url)
    if path is not None and not Path(path).exists():
        demo = demo_file(DEMO_FOLDER)
        raise failed("no_database_or_demo" if demo.exists() else "no_database", path=path, demo=demo)


async def opened(settings: Settings) -> Database:
    """The database for one command beside the running bot; an unmigrated one is refused with the remedy."""
    require_file(settings)
    db = await open_database(settings.giaoban_database_url)
    try:
        await require_schema(db)
    except BaseException:
        await db.close()
        raise
    return db
