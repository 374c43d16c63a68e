"""What the office orders by chat: a message in, its orders taken apart out; nothing is looked up."""
