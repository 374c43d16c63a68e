"""The meeting pack: a period and a part of the province in, the report, its annex, pictures and a short text out."""
