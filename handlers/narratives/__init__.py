"""What a report says beside its figures: how young people are, what came out, what fell short and why, what is next."""
