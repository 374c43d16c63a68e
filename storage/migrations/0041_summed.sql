-- Whoever got figures this month is looked for at every hour of reminders; without it every message ever sent is read.
create index outbox_summed on outbox (created_at) where kind in ('digest', 'reminder');
