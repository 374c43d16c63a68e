-- 1 where the unit above has entered the report, for a branch that cannot.
alter table submission add column entered_above integer not null default 0;
