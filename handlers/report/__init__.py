"""A report by chat: which unit and period, the steps of the dialogue, files, co-reporters."""
