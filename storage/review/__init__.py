"""Reviews as rows: reports that wait, what stands out in them, figures two units share."""
