"""The Bot API's methods: each checks what Telegram checks and returns what Telegram returns."""

import json
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from bot_api.chats import Chat, Group
from bot_api.faults import bad, too_many

if TYPE_CHECKING:
    from bot_api.server import BotApi

Params = dict[str, Any]
Method = Callable[["BotApi", Params], Awaitable[Any]]
METHODS: dict[str, Method] = {}
LARGEST_PHOTO = 10_000_000
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as "
    "a current content and reply markup of the message"
)


def method(call: Method) -> Method:
    """Registers `send_message` as sendMessage; like Telegram's, method names are compared without case."""
    METHODS[call.__name__.replace("_", "")] = call
    return call


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def whole(value: Any, otherwise: int = 0) -> int:
    """A number from JSON or from a form."""
    try:
        return otherwise if value in (None, "") else int(value)
    except (TypeError, ValueError):
        raise bad("invalid parameter") from None


def true(value: Any) -> bool:
    """A boolean from JSON or from a form."""
    return value is True or str(value).casefold() in ("true", "1")


def structure(value: Any, name: str) -> Any:
    """An object or list; a form carries it as JSON text."""
    try:
        return json.loads(value) if isinstance(value, str) and value else value
    except ValueError:
        raise bad(f"can't parse {name} JSON object") from None


def topic(params: Params) -> int:
    """The topic of a forum that a message is for; 0 for the general one."""
    return whole(params.get("message_thread_id"))


def open_chat(api: "BotApi", params: Params) -> Chat:
    """The chat a message is for, if it takes one now."""
    if params.get("chat_id") in (None, ""):
        raise bad("chat_id is empty")
    chat = api.chats.get(str(params["chat_id"]))
    if chat is None:
        raise bad("chat not found")
    if chat.closed is not None:
        raise chat.closed
    if isinstance(chat, Group) and (refused := chat.refuses(topic(params))):
        raise refused
    if api.flood is not None and (wait := api.flood.retry_after(chat.id, api.loop_time())):
        raise too_many(wait)
    return chat


def keyboard(params: Params) -> list[list[dict[str, Any]]]:
    """The inline keyboard of a message, checked."""
    markup = structure(params.get("reply_markup"), "reply keyboard markup") or {}
    rows = markup.get("inline_keyboard", [])
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for button in (button for row in rows for button in row):
        if not button.get("text"):
            raise bad('can\'t parse inline keyboard button: Field "text" must be non-empty')
        if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
        if not button.keys() & {"callback_data", "url", "web_app", "copy_text"}:
            raise bad("Text buttons are unallowed in the inline keyboard")
    return rows


def checked_text(params: Params) -> str:
    """The text of a message as it will stand: trimmed, neither empty nor too long."""
    text = str(params.get("text") or "").strip()
    if not text:
        raise bad("message text is empty")
    if units(text) > 4096:
        raise bad("message is too long")
    return text


def checked_caption(params: Params) -> str:
    """The text under a file: there may be none."""
    caption = str(params.get("caption") or "").strip()
    if units(caption) > 1024:
        raise bad("message caption is too long")
    return caption


def uploaded(params: Params, name: str) -> tuple[str, bytes]:
    """Name and content of the file in that parameter."""
    upload = params.get(name)
    if isinstance(upload, str) and upload.startswith(f"{name}-"):  # the id of one that the server has
        return upload, b"\xff\xd8\xff of a person"
    if not isinstance(upload, tuple):
        raise bad(f"there is no {name} in the request")
    if not upload[1]:
        raise bad("file must be non-empty")
    return upload


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height in pixels, as a PNG's head says; a JPEG's are not looked for."""
    if not content.startswith(b"\x89PNG"):
        return 800, 600
    return int.from_bytes(content[16:20]), int.from_bytes(content[20:24])


@method
async def get_me(api: "BotApi", params: Params) -> Any:
    """Who the bot is."""
    return {**api.me, "can_join_groups": True, "can_read_all_group_messages": api.hears_groups}


@method
async def get_updates(api: "BotApi", params: Params) -> Any:
    """A batch of updates; see Mailbox for when they are forgotten."""
    api.mailbox.allow(structure(params.get("allowed_updates"), "allowed_updates"))
    timeout = min(50, max(0, whole(params.get("timeout"))))
    return await api.mailbox.fetch(whole(params.get("offset")), whole(params.get("limit"), 100), timeout)


@method
async def send_message(api: "BotApi", params: Params) -> Any:
    """A text."""
    chat = open_chat(api, params)
    return api.shown(api.send(chat, checked_text(params), keyboard(params), topic=topic(params)))


@method
async def send_document(api: "BotApi", params: Params) -> Any:
    """A file, with its caption as the text."""
    chat = open_chat(api, params)
    name, content = uploaded(params, "document")
    sent = api.send(
        chat, checked_caption(params), keyboard(params), document=name, content=content, topic=topic(params)
    )
    return {**api.shown(sent), "document": api.files.keep(name, content)}


@method
async def send_photo(api: "BotApi", params: Params) -> Any:
    """A picture, which Telegram looks into; it comes back in several sizes."""
    chat = open_chat(api, params)
    name, content = uploaded(params, "photo")
    if len(content) > LARGEST_PHOTO:
        raise bad("PHOTO_SAVE_FILE_INVALID")
    if not content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise bad("IMAGE_PROCESS_FAILED")
    width, height = picture_size(content)
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad("PHOTO_INVALID_DIMENSIONS")
    sent = api.send(chat, checked_caption(params), keyboard(params), photo=name, content=content)
    return {**api.shown(sent), "photo": [{**api.files.keep(name, content), "width": width, "height": height}]}


@method
async def edit_message_text(api: "BotApi", params: Params) -> Any:
    """A new text and keyboard for an earlier message; without reply_markup the keyboard goes."""
    chat = open_chat(api, params)
    sent = chat.find(whole(params.get("message_id")))
    text, rows = checked_text(params), keyboard(params)
    if (text, rows) == (sent.text, sent.keyboard):
        raise bad(NOT_MODIFIED)
    sent.text, sent.keyboard, sent.edits = text, rows, sent.edits + 1
    api.bell.ring()
    return api.shown(sent)


@method
async def pin_chat_message(api: "BotApi", params: Params) -> Any:
    """The message is held at the top of the chat."""
    open_chat(api, params).find(whole(params.get("message_id"))).pinned = True
    return True


@method
async def answer_callback_query(api: "BotApi", params: Params) -> Any:
    """Ends the waiting sign on a pressed button, once and not too late."""
    if len(str(params.get("text") or "")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    query = str(params.get("callback_query_id"))
    if query not in api.queries:
        raise bad(TOO_OLD)
    api.queries.discard(query)
    api.answered.append(query)
    api.bell.ring()
    return True


@method
async def set_my_commands(api: "BotApi", params: Params) -> Any:
    """The menu, per scope and language."""
    commands = structure(params.get("commands"), "commands") or []
    scope = (structure(params.get("scope"), "scope") or {}).get("type", "default")
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch("/?[a-z0-9_]{1,32}", str(command.get("command"))):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description") or "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    api.commands[scope, params.get("language_code") or ""] = commands
    return True


def _text_setting(name: str, longest: int) -> Method:
    async def change(api: "BotApi", params: Params) -> Any:
        text = str(params.get(name) or "")
        if len(text) > longest:
            raise bad(f"bot {name} is too long")
        api.about[name, params.get("language_code") or ""] = text
        return True

    return change


METHODS["setmydescription"] = _text_setting("description", 512)
METHODS["setmyshortdescription"] = _text_setting("short_description", 120)


@method
async def set_chat_menu_button(api: "BotApi", params: Params) -> Any:
    """The button beside the text field."""
    api.about["menu_button", str(params.get("chat_id") or "")] = str(params.get("menu_button") or "")
    return True


@method
async def set_webhook(api: "BotApi", params: Params) -> Any:
    """Posts instead of polling; an empty address ends it."""
    secret = str(params.get("secret_token") or "")
    if secret and not re.fullmatch("[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    api.mailbox.allow(structure(params.get("allowed_updates"), "allowed_updates"))
    api.mailbox.set_webhook(str(params.get("url") or ""), secret, drop=true(params.get("drop_pending_updates")))
    return True


@method
async def delete_webhook(api: "BotApi", params: Params) -> Any:
    """Back to polling."""
    api.mailbox.set_webhook("", "", drop=true(params.get("drop_pending_updates")))
    return True


@method
async def get_webhook_info(api: "BotApi", params: Params) -> Any:
    """Where updates go and how many wait."""
    box = api.mailbox
    info = {"url": box.webhook.get("url", ""), "has_custom_certificate": False}
    error = {"last_error_message": box.last_webhook_error} if box.last_webhook_error else {}
    return {**info, "pending_update_count": len(box.pending), **error}


@method
async def get_file(api: "BotApi", params: Params) -> Any:
    """Where a file can be downloaded."""
    found = api.files.facts(str(params.get("file_id") or ""))
    if found is None:
        raise bad("invalid file_id")
    return found


@method
async def get_chat(api: "BotApi", params: Params) -> Any:
    """What is known of a chat."""
    chat = api.chats.get(str(params.get("chat_id")))
    if chat is None:
        raise bad("chat not found")
    return {**chat.facts, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": {}}
