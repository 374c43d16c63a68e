"""A message in, the Bot API's parameters out; a refusal of Telegram in, what it means for the message out."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from telegram.error import BadRequest, ChatMigrated, EndPointNotFound, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.http import FloodWait, NotSent
from handlers.messages import Choice, File, NotDelivered

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024  # UTF-16 units, as Telegram counts
LARGEST_PICTURE, LARGEST_FILE = 10_000_000, 50_000_000  # bytes
SHORT_LABEL = 18  # characters; two such buttons fit side by side on a narrow phone
# 400s that say the chat is closed to the bot, rather than that this message is wrong.
CLOSED_CHAT = (
    "chat not found",
    "user not found",
    "peer_id_invalid",
    "input_user_deactivated",
    "group chat was deactivated",
)
# Those that say the bot is in the chat and may not write there now. Telegram has said so by its own mistake, for hours.
NO_RIGHT = ("not enough rights", "have no rights", "chat_write_forbidden", "chat_restricted", "topic_closed")
NO_TOPIC = ("message thread not found", "topic_deleted", "topic_id_invalid")
SAME = ("message is not modified",)
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
NO_NETWORK_PAUSE = 3.0
NO_TOKEN_PAUSE = 60.0


def bold_entities(text: str, heads: Sequence[str]) -> list[dict[str, Any]]:
    """Telegram's entities for the lines of the text that are headings, placed in UTF-16 units."""
    entities, at = list[dict[str, Any]](), 0
    for line in text.split("\n"):
        length = len(line.encode("utf-16-le")) // 2
        if line and line in heads:
            entities.append({"type": "bold", "offset": at, "length": length})
        at += length + 1
    return entities


def ways(file: File) -> list[tuple[str, str]]:
    """How the file may be sent, best first: (method, its parameter). A picture that Telegram does not take as one
    may still go as a file; none for what is larger than any.
    """
    size = len(file.content)
    found = [("sendPhoto", "photo")] if file.picture and size <= LARGEST_PICTURE else []
    return [*found, ("sendDocument", "document")] if size <= LARGEST_FILE else []


def keyboard(choices: Sequence[Choice]) -> dict[str, Any]:
    """An inline keyboard: two short labels side by side, else one button a row."""
    wide = any(len(choice.label) > SHORT_LABEL for choice in choices)
    buttons = [{"text": choice.label, "callback_data": choice.data} for choice in choices]
    across = 1 if wide else 2
    return {"inline_keyboard": [buttons[start : start + across] for start in range(0, len(buttons), across)]}


class FloodWatch:
    """Guesses whether a 429 is meant for one chat or for the whole bot, because Telegram does not say.

    It is the chat's own until three different chats were refused within ten seconds: a limit of one chat
    does not show in others, and the overall limit shows in whichever chats come next.
    """

    def __init__(self, chats: int = 3, seconds: float = 10.0) -> None:
        self._chats, self._seconds = chats, seconds
        self._refused: deque[tuple[float, str]] = deque()

    def whole_bot(self, chat_id: str, at: float) -> bool:
        """Notes a 429 for that chat at that moment (seconds of a clock that never goes back)."""
        self._refused.append((at, chat_id))
        while self._refused[0][0] < at - self._seconds:
            self._refused.popleft()
        return len({chat for _, chat in self._refused}) >= self._chats


def says(reason: str, words: Sequence[str]) -> bool:
    """Whether a refusal has one of these words."""
    return any(word in reason.casefold() for word in words)


def failure(fault: TelegramError, *, whole_bot: bool) -> NotDelivered:
    """What the error of one sent message means. `whole_bot`, FloodWatch's guess, counts for a 429 only."""
    reason = str(fault)
    match fault:
        case FloodWait():
            return NotDelivered("wait", reason, retry_after=fault.retry_after, whole_bot=whole_bot)
        case NotSent():
            return NotDelivered("wait", reason, retry_after=NO_NETWORK_PAUSE, whole_bot=True)
        case InvalidToken() | EndPointNotFound():
            return NotDelivered("wait", "the token is not valid any more", retry_after=NO_TOKEN_PAUSE, whole_bot=True)
        case ChatMigrated():
            return NotDelivered("moved", reason, moved_to=str(fault.new_chat_id))
        case Forbidden() | BadRequest() if says(reason, NO_RIGHT):
            return NotDelivered("barred", reason)
        case Forbidden():
            return NotDelivered("unreachable", reason)
        case BadRequest():
            return NotDelivered("unreachable" if says(reason, CLOSED_CHAT) else "refused", reason)
        case _:
            # Timed out, cut off, 5xx (a 502 or 504 is a gateway's word, and a 500 came after the request was
            # read), or an answer that is none: the message may be in the chat.
            return NotDelivered("unknown", f"{type(fault).__name__}: {reason}")
