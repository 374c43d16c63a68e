"""Photos as evidence beside a report's figures: taken from who reports, shown to who reviews."""
