-- A briefing that was called off. starts_at: when it was to be, as its cluster knew; sequence: as in the .ics file;
-- told_at: those it concerns have heard, null while they have not.
create table cancelled_briefing (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  cluster_id  bigint not null references cluster (id),
  starts_at   bigint not null,
  mode        text not null check (mode in ('in_person', 'online')),
  place       text not null,
  sequence    integer not null,
  told_at     bigint,
  unique (period_id, cluster_id)
);
create index cancelled_briefing_cluster on cancelled_briefing (cluster_id);

-- Who had been sent it for the calendar, and is to take it out again.
create table cancelled_chair (
  briefing_id bigint not null references cancelled_briefing (id),
  person_id   bigint not null references person (id),
  primary key (briefing_id, person_id)
);
create index cancelled_chair_person on cancelled_chair (person_id);
