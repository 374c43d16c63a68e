-- A message is looked for by the channel's own id when somebody replies to it.
create index outbox_external on outbox (channel, chat_id, external_id) where external_id is not null;
