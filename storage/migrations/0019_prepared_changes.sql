-- A new name, or another unit above, that holds from a day to come; the clock makes it so on that day.
create table prepared_change (
  unit_id   bigint not null references unit (id),
  what      text not null check (what in ('name', 'parent')),
  value     text not null,
  since_on  text not null,
  actor     bigint,
  at        bigint not null,
  primary key (unit_id, what)
);
