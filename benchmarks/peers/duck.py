"""DuckDB on the same province: loads it from CSV files and times the queries named by the caller."""

import json
import statistics
import sys
import time

import duckdb


def main(folder: str, repetitions: int) -> None:
    """Reads {name: [statements]} from standard input, prints {name: milliseconds}; the last statement counts."""
    db = duckdb.connect(f"{folder}/province.duckdb")
    for table in ("unit", "cluster_member", "submission", "value", "role", "account"):
        db.execute(f"create table {table} as select * from read_csv('{folder}/{table}.csv', header=true)")
    found = {}
    for name, statements in json.load(sys.stdin).items():
        took = []
        for _ in range(repetitions):
            for statement in statements[:-1]:
                db.execute(statement)
            begun = time.perf_counter()
            db.execute(statements[-1]).fetchall()
            took.append((time.perf_counter() - begun) * 1000)
        found[name] = statistics.median(took)
    print(json.dumps(found))


main(sys.argv[1], int(sys.argv[2]))
