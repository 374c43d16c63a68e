-- The day by which the units of a cluster were told that they owe a running period, where a decision of the office has
-- brought another one since: they owe it no earlier, or not before they have heard of it. It takes the place of the day
-- of the meeting that was announced.
drop table announced_meeting;
create table announced_due (
  period_id   bigint not null references period (id),
  cluster_id  bigint not null references cluster (id),
  due_on      text not null,
  primary key (period_id, cluster_id)
);
create index announced_due_cluster on announced_due (cluster_id);
