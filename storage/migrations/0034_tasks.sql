-- What a meeting concluded as tasks: numbered within the period of the meeting, a row for each unit that has it to do.
create table task_counter (
  period_id   bigint primary key references period (id),
  last        bigint not null
);
create table task (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  cluster_id  bigint references cluster (id),
  number      bigint not null,
  text        text not null,
  due_on      text,
  person_id   bigint references person (id),
  created_at  bigint not null,
  unique (period_id, number)
);
create index task_cluster on task (cluster_id);
create index task_person on task (person_id);
create table task_of_unit (
  task_id     bigint not null references task (id),
  unit_id     bigint not null references unit (id),
  state       text not null check (state in ('open', 'done', 'dropped')),
  note        text not null default '',
  moved_at    bigint,
  moved_by    bigint references person (id),
  primary key (task_id, unit_id)
);
create index task_of_unit_unit on task_of_unit (unit_id, state);
create index task_of_unit_state on task_of_unit (state);
create index task_of_unit_person on task_of_unit (moved_by);
