-- The day on which a period was opened, in Vietnam's calendar: a unit that began later does not owe it, unless it takes
-- the place of one that did (storage/organisation/owing.py). null: it was not opened.
alter table period add column opened_on text;
-- sqlite: update period set opened_on = date(opened_at / 1000 + 25200, 'unixepoch') where opened_at is not null;
-- postgresql: update period set opened_on = to_char(to_timestamp(opened_at / 1000 + 25200) at time zone 'UTC', 'YYYY-MM-DD')
-- postgresql:   where opened_at is not null;
