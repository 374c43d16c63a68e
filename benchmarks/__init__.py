"""Benchmarks: giaoban beside stock bots and its queries beside DuckDB, as ratios inside one run."""
