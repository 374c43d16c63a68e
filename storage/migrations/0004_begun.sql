-- How often a process took the update up after another one had left it, or claimed it: what is begun again and again
-- and never done may be what ends the processes.
alter table inbox add column begun integer not null default 0;
