-- What one bot has sent in a month ("2026-04") on a channel that lets it send so many. used: also what may have arrived.
-- told: the percent of which the office has heard. saving: '' for no need; 'reminders' while the calendar needs more than
-- is left: reminders are gathered on fewer days, summaries left out; 'replies' while there is left what replies need.
create table allowance (
  channel     text not null,
  bot         text not null,
  month       text not null,
  used        integer not null default 0,
  told        integer not null default 0,
  saving      text not null default '' check (saving in ('', 'reminders', 'replies')),
  primary key (channel, bot, month)
);

-- How many messages of a chat the channel has kept from the bot, and of how many the office has heard.
create table withheld (
  channel     text not null,
  chat_id     text not null,
  count       integer not null,
  told        integer not null default 0,
  last_at     bigint not null,
  primary key (channel, chat_id)
);

-- When a message to this account was given up; null again with the next one that arrives.
alter table account add column failed_at bigint;
