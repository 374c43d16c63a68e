-- Of each step that was applied, what it was: a step that was edited since is refused (storage/engine/migrate.py).
alter table schema_version add column checksum text;
