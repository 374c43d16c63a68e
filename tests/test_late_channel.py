"""A channel whose server is silent at the start: the others begin, it follows, and alone it ends the start."""

from collections.abc import AsyncIterator

import pytest
from bot_api.server import BotApi
from campaigns.environment import free_port
from zalo_api.server import TOKEN, ZaloServer

from bot import app as running
from bot.app import App
from bot.channels.open import settings_class
from bot.clock import SystemClock
from bot.settings import Settings, load_settings
from handlers.channel import ServerSilent
from handlers.messages import NotDelivered, Outgoing


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
def engine() -> str:
    """SQLite alone: what differs is outside the database."""
    return "sqlite"


def settings(url: str, port: int, api: BotApi | None) -> Settings:
    telegram = {"telegram_bot_token": api.token, "telegram_api_url": api.url} if api is not None else {}
    return load_settings(
        settings_class(), _env_file=None, giaoban_database_url=url, zalo_mode="poll", zalo_bot_token=TOKEN,
        zalo_api_url=f"http://127.0.0.1:{port}", **telegram,
    )  # fmt: skip


async def test_the_others_begin_without_it_and_it_follows(
    migrated_url: str, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LATE_SECONDS", 0.05)
    port = free_port()
    app = await App.open(settings(migrated_url, port, api), SystemClock())
    try:
        await app.start()
        zalo = app.channels["zalo"]
        assert [channel.name for channel in app.late] == ["zalo"]
        assert zalo.health() == "not started: the server is silent"
        with pytest.raises(NotDelivered) as held:
            await zalo.deliver(Outgoing(f"{TOKEN.partition(':')[0]}/lan", "chào"))
        assert (held.value.kind, held.value.retry_after > 0) == ("wait", True)
        user = api.user(1001)
        user.says("xin chào")
        await user.receives("mã đăng ký")
        async with ZaloServer(port=port) as server:
            server.writes("lan", "xin chào")
            await server.hears("lan", "mã đăng ký")
            assert (app.late, zalo.health()) == ([], "")
    finally:
        await app.close()


async def test_where_no_server_answers_the_start_ends(migrated_url: str) -> None:
    app = await App.open(settings(migrated_url, free_port(), None), SystemClock())
    try:
        with pytest.raises(ServerSilent, match="ZALO_API_URL"):
            await app.start()
    finally:
        await app.close()
