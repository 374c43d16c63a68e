"""What the plan says is due in, rows of the outbox out: reminders, posts, digests, notices, doubts on estimates."""
