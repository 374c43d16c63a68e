"""What became of one send, where every platform says it alike: the id of the message out, or why there is none."""

from handlers.messages import NotDelivered

RETRY_SECONDS = 30.0  # after which a message is tried again while the channel has not started


def not_started() -> NotDelivered:
    """For a message that is to leave before the channel has started."""
    return NotDelivered("wait", "the channel is not started yet", retry_after=RETRY_SECONDS, whole_bot=True)


def message_id(sent: object, method: str) -> str:
    """The id in a method's result. Raises NotDelivered where there is none: it may have been sent all the same."""
    found = sent.get("message_id") if isinstance(sent, dict) else None
    if found is None:
        raise NotDelivered("unknown", f"the answer to {method} has no message_id")
    return str(found)
