-- maybe_sent: nobody knows whether an earlier try has arrived. told_at: the office knows that it ended as unsure.
alter table outbox add column maybe_sent integer not null default 0 check (maybe_sent in (0, 1));
alter table outbox add column told_at bigint;
create index outbox_untold on outbox (id) where state = 'unsure' and told_at is null;

-- A reminder that was said follows the message that says it: sent, unsure, or failed. SQLite changes a check by
-- making the table anew.
-- postgresql: alter table reminder drop constraint reminder_state_check;
-- postgresql: alter table reminder add constraint reminder_state_check
-- postgresql:   check (state in ('planned', 'sent', 'unsure', 'failed', 'dropped', 'cancelled'));
-- sqlite: create table reminder_anew (
-- sqlite:   period_id   bigint not null references period (id),
-- sqlite:   unit_id     bigint not null references unit (id),
-- sqlite:   person_id   bigint not null references person (id),
-- sqlite:   rung        text not null,
-- sqlite:   day_on      text not null,
-- sqlite:   due_at      bigint not null,
-- sqlite:   state       text not null check (state in ('planned', 'sent', 'unsure', 'failed', 'dropped', 'cancelled')),
-- sqlite:   settled_at  bigint,
-- sqlite:   message     text,
-- sqlite:   primary key (period_id, unit_id, person_id, rung, day_on)
-- sqlite: );
-- sqlite: insert into reminder_anew select * from reminder;
-- sqlite: drop table reminder;
-- sqlite: alter table reminder_anew rename to reminder;
-- sqlite: create index reminder_due on reminder (due_at) where state = 'planned';
-- sqlite: create index reminder_day on reminder (day_on);
-- sqlite: create index reminder_message on reminder (message) where message is not null;
-- sqlite: create index reminder_unit on reminder (unit_id);
-- sqlite: create index reminder_person on reminder (person_id);
update reminder set state = 'unsure' where state = 'sent' and message in
  (select dedupe_key from outbox where state = 'unsure' and kind = 'reminder');
update reminder set state = 'failed' where state = 'sent' and message in
  (select dedupe_key from outbox where state = 'failed' and kind = 'reminder');
