-- Corrections of a report whose period is locked: asked for by the unit, decided by the office; those asked for together
-- have one id. Until then the old figure counts. old_amount: null where the unit had given none. approved: null while it
-- is open.
create table correction (
  id          bigint not null,
  period_id   bigint not null,
  unit_id     bigint not null,
  indicator   text not null,
  old_amount  bigint,
  old_approx  integer not null check (old_approx in (0, 1)),
  amount      bigint not null,
  approx      integer not null check (approx in (0, 1)),
  source      text not null,
  reason      text not null,
  asked_at    bigint not null,
  asked_by    bigint references person (id),
  settled_at  bigint,
  settled_by  bigint references person (id),
  approved    integer check (approved in (0, 1)),
  primary key (id, indicator),
  foreign key (period_id, unit_id) references submission (period_id, unit_id)
);
create index correction_report on correction (period_id, unit_id);
create index correction_unit on correction (unit_id);
create index correction_asked_by on correction (asked_by);
create index correction_settled_by on correction (settled_by);
create index correction_open on correction (id) where approved is null;
