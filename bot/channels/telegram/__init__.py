"""The Telegram channel: its wire format, HTTP client, polling, sending and menu."""
