-- A cluster's living post in one of its groups, one for each period: message is the key of the outbox that put it up, null
-- once it was found to be gone; mark tells what it shows from what it would show now.
create table board (
  channel     text not null,
  chat_id     text not null,
  period_id   bigint not null references period (id),
  cluster_id  bigint not null references cluster (id),
  message     text,
  mark        text not null,
  posted_on   text not null,
  lost        integer not null default 0,
  primary key (channel, chat_id, period_id)
);
create index board_period on board (period_id);
create index board_cluster on board (cluster_id);
create index board_message on board (message);
