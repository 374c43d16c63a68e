"""Who gets in: codes issued, used and handed over."""
