-- topic: of a group with topics the one in which it was linked, '' for the general one. barred_at: since when the bot
-- may not write in it, and why; barred_told_at: the office knows.
alter table group_chat add column topic text not null default '';
alter table group_chat add column barred_at bigint;
alter table group_chat add column barred_why text;
alter table group_chat add column barred_told_at bigint;
