"""What the office orders by chat: periods, briefings, chairs and their files."""
