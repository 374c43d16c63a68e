-- Who judged a report last, and when; its state says how. step: how many of the two reviews it has passed, where the
-- office has set two.
alter table submission add column reviewed_by bigint references person (id);
alter table submission add column reviewed_at bigint;
alter table submission add column step integer not null default 0;
create index submission_reviewer on submission (reviewed_by);

-- Why it was done, in the masked words of a reviewer or of the unit.
alter table event add column reason text;

-- A figure given back to its unit, as it stood; answered_at: null as long as the unit is asked for it. answer: why it
-- stands as it is, '' where another number was given. due_on: the day until which it is waited for.
create table returned (
  id          bigint primary key,
  period_id   bigint not null,
  unit_id     bigint not null,
  indicator   text not null,
  returned_at bigint not null,
  returned_by bigint references person (id),
  amount      bigint not null,
  approx      integer not null check (approx in (0, 1)),
  reason      text not null,
  due_on      text not null,
  answered_at bigint,
  answer      text not null default '',
  foreign key (period_id, unit_id) references submission (period_id, unit_id)
);
create index returned_report on returned (period_id, unit_id);
create index returned_unit on returned (unit_id);
create index returned_person on returned (returned_by);

-- What stands out in a filed report: the rule (reporting/dialogue/doubts.py), written anew with every change of it.
create table finding (
  period_id   bigint not null,
  unit_id     bigint not null,
  indicator   text not null,
  rule        text not null,
  primary key (period_id, unit_id, indicator, rule),
  foreign key (period_id, unit_id) references submission (period_id, unit_id)
);
create index finding_unit on finding (unit_id);
