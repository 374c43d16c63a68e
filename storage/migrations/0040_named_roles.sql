-- Hardly any role names a post or a cluster: with the others in it, an index on them looks to SQLite as if every
-- search in it met them all, and it reads the whole table for each briefing instead.
drop index role_post;
create index role_post on role (post_id) where post_id is not null;
drop index role_cluster;
create index role_cluster on role (cluster_id) where cluster_id is not null;
