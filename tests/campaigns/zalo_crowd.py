"""The loopback Zalo for a crowd: a server that outlives the bot, and the people of campaigns/crowd.py writing there."""

from typing import Any

from zalo_api.server import TOKEN, Said, ZaloServer

from storage.engine.open import open_database

BOT = TOKEN.partition(":")[0]
AGAIN = 100  # updates a webhook is called with once more
SECRET = "made-up-for-the-loopback"


class ZaloUser:
    """One person's phone; messages have numbers, as campaigns/aftermath.py reads them."""

    def __init__(self, zalo: "ZaloCrossroads", chat: int) -> None:
        self._zalo, self._chat = zalo, chat

    def says(self, text: str) -> int:
        self._zalo.numbered += 1
        self._zalo.writes(str(self._chat), text, message_id=str(self._zalo.numbered))
        return self._zalo.numbered


class ZaloCrossroads(ZaloServer):
    """Tells people what they get. It stands where campaigns/crowd.py expects a server and its mailbox."""

    def __init__(self) -> None:
        super().__init__()
        self.numbered = 700_000
        self.people: dict[int, Any] = {}
        self.mailbox = self

    def user(self, chat: int, _: str) -> ZaloUser:
        return ZaloUser(self, chat)

    def _sent(self, *given: Any, **more: Any) -> dict[str, Any]:
        answer = super()._sent(*given, **more)
        said: Said = self.said[-1]
        if person := self.people.get(int(said.chat)):
            person.hears(said.text)
        return answer

    async def emptied(self, within: float = 60.0) -> None:
        await self.bell.until(lambda: not any(bot.pending for bot in self.bots.values()), within)

    @property
    def acknowledged(self) -> set[int]:
        """Ids of the updates of which the webhook has said that they are stored."""
        return {int(number) for bot in self.bots.values() for number in bot.taken}

    def deliver_again(self) -> None:
        """As after confirmations that were lost on their way: the newest updates are posted once more."""
        for bot in self.bots.values():
            bot.pending.extendleft(bot.posted[-AGAIN:][::-1])
            self.bell.ring()

    def settings(self, url: str, port: int, mode: str) -> dict[str, str]:
        """For `giaoban run`."""
        self.behind = f"http://127.0.0.1:{port}"
        hook = {"GIAOBAN_PUBLIC_URL": "https://giaoban.test", "ZALO_WEBHOOK_SECRET": SECRET}
        return {
            "GIAOBAN_DATABASE_URL": url,
            "GIAOBAN_BIND": f"127.0.0.1:{port}",
            "GIAOBAN_LOG_LEVEL": "error",
            "ZALO_API_URL": self.url,
            "ZALO_BOT_TOKEN": self.token,
            "ZALO_MODE": mode,
            **(hook if mode == "webhook" else {}),
        }


async def move_to_zalo(url: str) -> None:
    """The province's people write there."""
    db = await open_database(url)
    try:
        await db.write([(f"update account set channel = 'zalo', chat_id = '{BOT}/' || chat_id", ())])
    finally:
        await db.close()
