"""One module per channel: its wire format to and from messages, its errors to NotDelivered."""
