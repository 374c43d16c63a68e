"""A fault of the Zalo API in, what it means for the message that was to be sent out."""

from bot.channels.zalo.client import NO_MORE, NO_SUCH, NOT_KNOWN, ZaloFault, ZaloRefused, ZaloUnreached
from handlers.messages import NotDelivered

NO_NETWORK_PAUSE = 3.0
NO_TOKEN_PAUSE = 60.0
WRONG = 400
# What in a refusal says that the chat is closed to the bot, rather than that this message is wrong.
CLOSED_CHAT = ("chat", "user", "block", "recipient", "not found")


def failure(fault: ZaloFault) -> NotDelivered:
    """What the fault of one sent message means. 403 is called an internal error by Zalo itself: nobody knows."""
    reason = str(fault)
    if isinstance(fault, ZaloUnreached):
        return NotDelivered("wait", reason, retry_after=NO_NETWORK_PAUSE, whole_bot=True)
    if not isinstance(fault, ZaloRefused):
        return NotDelivered("unknown", reason)
    match fault.code:
        case code if code == NO_MORE:
            return NotDelivered("spent", reason)
        case code if code == NOT_KNOWN:
            return NotDelivered("wait", "the token is not valid any more", retry_after=NO_TOKEN_PAUSE)
        case code if code in (WRONG, NO_SUCH):
            closed = any(word in reason.casefold() for word in CLOSED_CHAT)
            return NotDelivered("unreachable" if closed else "refused", reason)
        case _:
            return NotDelivered("unknown", reason)
