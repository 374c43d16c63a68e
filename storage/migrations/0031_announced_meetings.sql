-- The latest day on which the units of a cluster were told to meet in a running period, where that was changed or called
-- off since: their deadline becomes no earlier than the one that went with it.
create table announced_meeting (
  period_id   bigint not null references period (id),
  cluster_id  bigint not null references cluster (id),
  starts_at   bigint not null,
  primary key (period_id, cluster_id)
);
create index announced_meeting_cluster on announced_meeting (cluster_id);
