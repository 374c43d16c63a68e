-- What was set for a cluster, as `target` is for a unit.
create table cluster_target (
  period_id   bigint not null references period (id),
  cluster_id  bigint not null references cluster (id),
  indicator   text not null,
  amount      bigint not null,
  due_on      text,
  primary key (period_id, cluster_id, indicator)
);
create index cluster_target_cluster on cluster_target (cluster_id);

-- Figures of an earlier period that the office brought along. Those of a unit above the branches hold what the units
-- below it did, too.
alter table submission add column imported integer not null default 0 check (imported in (0, 1));
create index submission_imported on submission (period_id) where imported = 1;
