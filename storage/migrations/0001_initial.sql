-- The first schema. Instants (*_at) are epoch milliseconds in UTC, days (*_on) ISO text in Vietnam's calendar,
-- flags 0/1. Codes that stand in rows (units, indicators, periods, kinds) are never renamed.

-- The levels of the organisation, the highest first. District unions ended with the districts on 30 June 2025.
create table level (
  code        text primary key,
  name        text not null,
  rank        integer not null,
  valid_to_on text
);
insert into level (code, name, rank, valid_to_on) values
  ('trung_uong', 'Trung ương', 0, null),
  ('tinh_doan', 'Tỉnh, thành phố', 1, null),
  ('huyen_doan', 'Huyện (đến 30/6/2025)', 2, '2025-06-30'),
  ('doan_co_so', 'Xã, phường, đặc khu', 3, null),
  ('chi_doan', 'Chi đoàn', 4, null);

-- valid_to_on is the last day, here and in every dated table.
create table unit (
  id          bigint primary key,
  code        text not null unique,
  name        text not null,
  level       text not null references level (code),
  parent_id   bigint references unit (id),
  valid_from_on text not null,
  valid_to_on text
);
create index unit_parent on unit (parent_id);
create index unit_level on unit (level);

-- Which units took over from one that ended: one after a merger, several after a division. The one at position 0 is
-- the heir: what the ended unit had filed counts where the heir is (storage/organisation/homes.py).
create table succession (
  unit_id     bigint not null references unit (id),
  successor_id bigint not null references unit (id),
  position    integer not null,
  primary key (unit_id, position)
);
create index succession_successor on succession (successor_id);

-- organiser: the unit that forms the cluster and holds its briefings, a province or the centre.
create table cluster (
  id          bigint primary key,
  code        text not null unique,
  name        text not null,
  position    integer not null,
  organiser_id bigint not null references unit (id),
  valid_from_on text not null,
  valid_to_on text
);
create index cluster_organiser on cluster (organiser_id);

-- Which unit belongs to which cluster, and when; a unit is in one cluster at a time.
create table cluster_member (
  cluster_id  bigint not null references cluster (id),
  unit_id     bigint not null references unit (id),
  valid_from_on text not null,
  valid_to_on text,
  primary key (unit_id, valid_from_on)
);
create index cluster_member_cluster on cluster_member (cluster_id);

create table person (
  id          bigint primary key,
  name        text not null,
  created_at  bigint not null,
  erased_at   bigint
);

-- A person's presence on one channel. Consent is per account, with the version of the text that was shown.
-- Who has several accounts is written to on the one used last (used_at).
create table account (
  channel     text not null,
  chat_id     text not null,
  person_id   bigint not null references person (id),
  consent     text not null check (consent in ('asked', 'given', 'refused', 'withdrawn')),
  consent_version text,
  consent_at  bigint,
  used_at     bigint not null default 0,
  unreachable_at bigint,
  unreachable_reason text,
  primary key (channel, chat_id)
);
create index account_person on account (person_id);

-- Who is to hold a role, as the office names them, known before they enrol: name and title for the letter with the code.
create table post (
  id          bigint primary key,
  role        text not null check (role in
    ('secretary', 'deputy', 'chair', 'department', 'office', 'leader', 'mentor', 'reader')),
  unit_id     bigint references unit (id),
  cluster_id  bigint references cluster (id),
  name        text not null,
  title       text not null,
  valid_from_on text not null,
  valid_to_on text
);
create index post_unit on post (unit_id);
create index post_cluster on post (cluster_id);

create table role (
  id          bigint primary key,
  person_id   bigint not null references person (id),
  role        text not null check (role in
    ('secretary', 'deputy', 'chair', 'department', 'office', 'leader', 'mentor', 'reader')),
  title       text not null,
  unit_id     bigint references unit (id),
  cluster_id  bigint references cluster (id),
  post_id     bigint references post (id),
  -- Codes of the form's sections a department owns, with spaces between; empty for every other role.
  sections    text not null default '',
  valid_from_on text not null,
  valid_to_on text
);
create index role_person on role (person_id);
create index role_unit on role (unit_id);
create index role_cluster on role (cluster_id);
create index role_post on role (post_id);

-- One-time codes; only hashes are kept: of the short code people type, and of the long one that a link carries.
-- kind 'person' enrols a person, 'group' links a group chat to a cluster, 'account' gives person_id one more account.
-- replaces: who uses it takes the place of whoever holds the role there.
create table invite (
  id          bigint primary key,
  code_hash   text not null unique,
  link_hash   text unique,
  kind        text not null check (kind in ('person', 'group', 'account')),
  role        text,
  unit_id     bigint references unit (id),
  cluster_id  bigint references cluster (id),
  post_id     bigint references post (id),
  person_id   bigint references person (id),
  replaces    integer not null default 0 check (replaces in (0, 1)),
  issued_by   bigint references person (id),
  sections    text not null default '',
  created_at  bigint not null,
  expires_at  bigint not null,
  withdrawn_at bigint,
  used_at     bigint,
  used_by     text
);
create index invite_unit on invite (unit_id);
create index invite_cluster on invite (cluster_id);
create index invite_post on invite (post_id);
create index invite_person on invite (person_id);
create index invite_issuer on invite (issued_by);

-- Codes that were tried and did not fit, to hold guessing to a few tries an hour.
create table code_try (
  id          bigserial primary key,
  channel     text not null,
  chat_id     text not null,
  tried_at    bigint not null
);
create index code_try_chat on code_try (channel, chat_id, tried_at);
create index code_try_time on code_try (tried_at);

-- A cluster's group chat.
create table group_chat (
  channel     text not null,
  chat_id     text not null,
  cluster_id  bigint not null references cluster (id),
  linked_at   bigint not null,
  unlinked_at bigint,
  primary key (channel, chat_id)
);
create index group_chat_cluster on group_chat (cluster_id);

-- title names a campaign, whose days are its own; a period of the calendar has none. Of the days the office has not
-- decided (null), reporting/time/deadlines.py says what holds: deadline_lead counts working days before each cluster's
-- briefing. estimated: figures reach to cutoff_on and are confirmed between confirm_from_on and confirm_by_on.
-- lock_after: days after the deadline on which it locks by itself, null for never.
create table period (
  id          bigint primary key,
  code        text not null unique,
  frequency   text not null,
  title       text,
  start_on    text not null,
  end_on      text not null,
  state       text not null check (state in ('planned', 'open', 'locked', 'closed')),
  opened_at   bigint,
  opens_on    text,
  cutoff_on   text,
  deadline_on text,
  deadline_lead integer check (deadline_lead between 0 and 60),
  estimated   integer not null default 0 check (estimated in (0, 1)),
  confirm_from_on text,
  confirm_by_on text,
  lock_after  integer check (lock_after between 0 and 365)
);

-- A unit's own deadline, which also lets it report after the period is locked. told_at: its reporters know of it.
create table extension (
  period_id   bigint not null references period (id),
  unit_id     bigint not null references unit (id),
  deadline_on text not null,
  reason      text not null,
  granted_by  bigint references person (id),
  granted_at  bigint not null,
  told_at     bigint,
  primary key (period_id, unit_id)
);
create index extension_unit on extension (unit_id);
create index extension_person on extension (granted_by);

-- place is an address, or the link of a meeting held online. sequence grows with each move, as in the .ics file;
-- told_sequence is the one that those it concerns have heard of, told_starts_at when it then was (null: not moved).
create table briefing (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  cluster_id  bigint not null references cluster (id),
  starts_at   bigint not null,
  mode        text not null default 'in_person' check (mode in ('in_person', 'online')),
  place       text not null,
  chair_id    bigint references person (id),
  chair_post_id bigint references post (id),
  host_unit_id bigint references unit (id),
  sequence    integer not null default 0,
  told_sequence integer not null default 0,
  told_starts_at bigint,
  unique (period_id, cluster_id)
);
create index briefing_cluster on briefing (cluster_id);

-- Who chairs a briefing and was sent it for the calendar, as it stood at that sequence.
create table chair_told (
  briefing_id bigint not null references briefing (id),
  person_id   bigint not null references person (id),
  sequence    integer not null,
  primary key (briefing_id, person_id)
);
create index chair_told_person on chair_told (person_id);

-- Who chairs a briefing beside the one in it: a person, or the post whose holder will.
create table co_chair (
  briefing_id bigint not null references briefing (id),
  position    integer not null,
  person_id   bigint references person (id),
  post_id     bigint references post (id),
  primary key (briefing_id, position)
);
create index co_chair_person on co_chair (person_id);
create index co_chair_post on co_chair (post_id);
create index briefing_chair on briefing (chair_id);
create index briefing_chair_post on briefing (chair_post_id);
create index briefing_host on briefing (host_unit_id);

create table target (
  period_id   bigint not null references period (id),
  unit_id     bigint not null references unit (id),
  indicator   text not null,
  amount      bigint not null,
  due_on      text,
  primary key (period_id, unit_id, indicator)
);
create index target_unit on target (unit_id);

-- rev grows with every change of the draft: two people at one draft never overwrite each other unseen.
-- confirmed_at: the unit has said that its estimated figures are final.
create table submission (
  period_id   bigint not null references period (id),
  unit_id     bigint not null references unit (id),
  state       text not null check (state in ('draft', 'submitted', 'returned', 'accepted', 'locked')),
  rev         bigint not null,
  started_at  bigint not null,
  submitted_at bigint,
  submitted_by bigint references person (id),
  confirmed_at bigint,
  primary key (period_id, unit_id)
);
create index submission_unit on submission (unit_id);
create index submission_person on submission (submitted_by);

-- amount is an integer scaled by the indicator's kind (reporting/figures/values.py).
create table value (
  period_id   bigint not null,
  unit_id     bigint not null,
  indicator   text not null,
  amount      bigint not null check (amount between 0 and 1000000000000),
  approx      integer not null check (approx in (0, 1)),
  source      text not null,
  note        text not null default '',
  set_by      bigint references person (id),
  set_at      bigint not null,
  primary key (period_id, unit_id, indicator),
  foreign key (period_id, unit_id) references submission (period_id, unit_id)
);
create index value_unit on value (unit_id);
create index value_person on value (set_by);

-- Who did what to what, when, old and new. Only ever appended.
create table event (
  id          bigserial primary key,
  at          bigint not null,
  actor       bigint,
  action      text not null,
  period_id   bigint,
  unit_id     bigint,
  subject     text not null,
  old         text,
  new         text
);
create index event_unit on event (unit_id, period_id);

-- Where each chat stands in its dialogue: JSON of handlers/conversation.py.
create table conversation (
  channel     text not null,
  chat_id     text not null,
  state       text not null,
  rev         bigint not null,
  touched_at  bigint not null,
  primary key (channel, chat_id)
);

-- Every update ever taken in, before it is acknowledged; the payload goes once it has had its effect.
create table inbox (
  id          bigserial primary key,
  channel     text not null,
  bot         text not null,
  message_id  text not null,
  chat_id     text not null,
  payload     text,
  received_at bigint not null,
  claimed_by  text,
  claimed_until_at bigint,
  done_at     bigint,
  error       text,
  unique (channel, bot, message_id)
);
create index inbox_open on inbox (channel, chat_id, id) where done_at is null;

-- Everything the bot says, written in the transaction that gave the reason for it. file: what the file that goes
-- with it is made of, until the message has been sent or given up.
create table outbox (
  id          bigserial primary key,
  dedupe_key  text not null unique,
  kind        text not null check (kind in ('reply', 'reminder', 'group_post', 'digest', 'notice')),
  channel     text not null,
  chat_id     text not null,
  body        text not null,
  created_at  bigint not null,
  not_before_at bigint not null,
  state       text not null check (state in ('ready', 'leased', 'sent', 'unsure', 'failed', 'cancelled')),
  leased_by   text,
  leased_until_at bigint,
  attempts    integer not null,
  sent_at     bigint,
  external_id text,
  error       text,
  file        text
);
create index outbox_open on outbox (channel, chat_id, id) where state in ('ready', 'leased');

-- One thing one person is to be told about one unit on one day. rung: T-7 … T+7; "again", asked for by the person;
-- "help", asked for by the cluster's chair; "lost", told to the office. message: the key of the outbox row that says
-- it, together with what else there was to say to that person on that day.
create table reminder (
  period_id   bigint not null references period (id),
  unit_id     bigint not null references unit (id),
  person_id   bigint not null references person (id),
  rung        text not null,
  day_on      text not null,
  due_at      bigint not null,
  state       text not null check (state in ('planned', 'sent', 'dropped', 'cancelled')),
  settled_at  bigint,
  message     text,
  primary key (period_id, unit_id, person_id, rung, day_on)
);
create index reminder_due on reminder (due_at) where state = 'planned';
create index reminder_day on reminder (day_on);
create index reminder_message on reminder (message) where message is not null;
create index reminder_unit on reminder (unit_id);
create index reminder_person on reminder (person_id);

-- The local channel's chats, both directions, so that the chat page can show them again.
create table local_message (
  id          bigserial primary key,
  chat_id     text not null,
  outbox_key  text unique,
  sender      text not null,
  text        text not null,
  choices     text not null,
  at          bigint not null
);
create index local_message_chat on local_message (chat_id, id);

-- Files that came with the bot's lines. mark: drawn, so that only who sees the line can ask for it; content: base64.
create table local_file (
  message     text primary key references local_message (outbox_key),
  mark        text not null unique,
  name        text not null,
  picture     integer not null,
  content     text not null
);

-- What units ask of the levels above, numbered within a period.
create table petition (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  number      integer not null,
  unit_id     bigint not null references unit (id),
  person_id   bigint references person (id),
  text        text not null,
  state       text not null check (state in ('new', 'received', 'forwarded', 'answered', 'closed')),
  created_at  bigint not null,
  unique (period_id, number)
);
create index petition_unit on petition (unit_id);
create index petition_person on petition (person_id);

-- The last number given in each period.
create table petition_counter (
  period_id   bigint primary key references period (id),
  last        integer not null
);

-- The office's days beside the law: off, worked whatever the law says, or quiet (nobody is reminded).
create table holiday (
  day_on      text primary key,
  kind        text not null check (kind in ('off', 'work', 'quiet')),
  name        text not null
);
-- Resolution 80 of January 2026 asks for a day off; no law that grants it was found, so it is worked until the office
-- changes the row.
insert into holiday (day_on, kind, name) values
  ('2026-11-24', 'work', 'Ngày Văn hóa Việt Nam'),
  ('2027-11-24', 'work', 'Ngày Văn hóa Việt Nam');

-- What a person has chosen: fewer reminders, the summary of the month instead of the week's.
create table preference (
  person_id   bigint not null references person (id),
  name        text not null check (name in ('reminders', 'digest')),
  value       text not null,
  primary key (person_id, name)
);

-- What was pasted as a report, masked, for as long as a reading may be questioned; then it goes.
create table pasted (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  unit_id     bigint not null references unit (id),
  person_id   bigint not null references person (id),
  text        text not null,
  at          bigint not null
);
create index pasted_period on pasted (period_id);
create index pasted_unit on pasted (unit_id);
create index pasted_person on pasted (person_id);
create index pasted_at on pasted (at);

-- Sensitive notes, which only leaders are told; in no list, total or export.
create table restricted_note (
  id          bigint primary key,
  unit_id     bigint references unit (id),
  person_id   bigint not null references person (id),
  text        text not null,
  at          bigint not null
);
create index restricted_note_unit on restricted_note (unit_id);
create index restricted_note_person on restricted_note (person_id);

create table setting (
  name        text primary key,
  value       text not null
);

-- An event is never changed or removed, by whoever holds a connection.
-- sqlite: create trigger event_keeps_what_was_written before update on event begin select raise(abort, 'event is append-only'); end;
-- sqlite: create trigger event_is_not_replaced before insert on event when exists (select 1 from event where id = new.id) begin select raise(abort, 'event is append-only'); end;
-- sqlite: create trigger event_keeps_what_happened before delete on event begin select raise(abort, 'event is append-only'); end;
-- postgresql: create function event_is_append_only() returns trigger language plpgsql as $$ begin raise exception 'event is append-only'; end $$;
-- postgresql: create trigger event_keeps_what_was_written before update or delete on event for each row execute function event_is_append_only();
-- postgresql: create trigger event_is_not_emptied before truncate on event for each statement execute function event_is_append_only();
