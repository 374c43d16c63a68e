"""Files that people send on Telegram: announced with the message, fetched only when asked for."""

import pytest
from bot_api.running import running
from bot_api.server import BotApi

from handlers.messages import FileNotRead

CONTENT = "Cây xanh: 120 cây".encode()


async def test_a_document_is_announced_and_fetched() -> None:
    async with BotApi() as api, running(api) as run:
        api.user(1001).sends_document("bao cao.txt", CONTENT)
        await run.stored.has(1)
        announced = run.stored.understood[0]
        assert (announced.kind, announced.file_name, announced.file_size) == ("file", "bao cao.txt", len(CONTENT))
        assert await run.channel.fetch(announced.file_id, 1000) == CONTENT


async def test_a_document_that_is_larger_than_announced_is_not_fetched() -> None:
    async with BotApi() as api, running(api) as run:
        api.user(1001).sends_document("bao cao.txt", CONTENT)
        await run.stored.has(1)
        with pytest.raises(FileNotRead) as refused:
            await run.channel.fetch(run.stored.understood[0].file_id, len(CONTENT) - 1)
        assert refused.value.key == "file.too_large"


async def test_a_document_telegram_no_longer_has_is_one_clear_refusal() -> None:
    async with BotApi() as api, running(api, polls=False) as run:
        with pytest.raises(FileNotRead) as refused:
            await run.channel.fetch("nothing-of-that-id", 1000)
        assert refused.value.key == "file.not_fetched"
