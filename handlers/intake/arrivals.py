"""What a channel hands over before it acknowledges: a message understood, or one set aside with its error."""

from dataclasses import dataclass

from handlers.messages import Incoming


@dataclass(frozen=True, slots=True)
class Arrival:
    """One delivery by a channel's server, understood or not.

    message_id: the same for every delivery of the same thing, so that storing it twice can be noticed.
    incoming: what was understood; None when there is nothing for a person's dialogue in it.
    raw, error: empty unless the delivery could not be understood; then its JSON and why, to be set aside.
    tap: the id of the button press that the channel confirms once this is stored; empty for all else.
    """

    channel: str
    bot: str
    message_id: str
    incoming: Incoming | None
    raw: str = ""
    error: str = ""
    tap: str = ""

    @property
    def worth_storing(self) -> bool:
        """False for what needs no memory: a channel post, another bot's message, somebody joining a group."""
        return self.incoming is not None or bool(self.error)
