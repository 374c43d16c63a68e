-- What a unit says beside its figures, in masked words, a row for each part of the meeting's paper.
create table narrative (
  period_id   bigint not null references period (id),
  unit_id     bigint not null references unit (id),
  part        text not null check (part in ('situation', 'result', 'limit', 'direction')),
  text        text not null,
  person_id   bigint references person (id),
  at          bigint not null,
  primary key (period_id, unit_id, part)
);
create index narrative_unit on narrative (unit_id);
create index narrative_person on narrative (person_id);
