-- What became of a petition: its field, the department it was passed to, until when it is answered, and the answer.
alter table petition add column field text not null default '';
alter table petition add column department text not null default '';
alter table petition add column due_on text;
alter table petition add column answer text not null default '';
alter table petition add column moved_at bigint;
create index petition_state on petition (state, created_at);
