-- A quick count: the instant until which it is answered, and what it counts, as reporting/time/quick_counts.py writes it.
alter table period add column due_at bigint;
alter table period add column counts text;
create index period_due on period (due_at) where due_at is not null;
