-- A paper with figures that was given out: of which period and part of the province (a cluster, a unit with all below it,
-- neither for the whole), and up to which event its figures were true. what: 'pack' and the like; its words stand elsewhere.
create table handed_out (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  what        text not null,
  cluster_id  bigint references cluster (id),
  unit_id     bigint references unit (id),
  version     bigint not null,
  at          bigint not null,
  person_id   bigint references person (id)
);
create index handed_out_period on handed_out (period_id);
create index handed_out_cluster on handed_out (cluster_id);
create index handed_out_unit on handed_out (unit_id);
create index handed_out_person on handed_out (person_id);
