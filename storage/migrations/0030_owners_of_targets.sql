-- Who answers for a target, where the office has named somebody.
alter table target add column owner_id bigint references person (id);
alter table cluster_target add column owner_id bigint references person (id);
create index target_owner on target (owner_id);
create index cluster_target_owner on cluster_target (owner_id);
