-- What a unit's words say beside a figure: the week of a day and the names of places or partners, by which the same event
-- is known in another unit's report, and days that cannot be (reporting/time/traces.py). Kept until the period is closed.
create table trace (
  period_id   bigint not null,
  unit_id     bigint not null,
  indicator   text not null,
  said        text not null,
  primary key (period_id, indicator, said, unit_id),
  foreign key (period_id, unit_id) references submission (period_id, unit_id)
);
create index trace_report on trace (period_id, unit_id);
create index trace_unit on trace (unit_id);

-- Of a figure that another unit has reported, too: that unit.
alter table finding add column with_id bigint references unit (id);
create index finding_with on finding (with_id);
