-- What a person asked of the office about data held, by letter or by word: the numbers and days of it, never its words.
-- kind: 'see', 'correct', 'erase', 'stop', 'object'. What is asked of the bot itself it does at once, as its events say.
create table data_request (
  id          bigint primary key,
  person_id   bigint references person (id),
  kind        text not null check (kind in ('see', 'correct', 'erase', 'stop', 'object')),
  asked_on    text not null,
  acknowledged_on text,
  done_on     text
);
create index data_request_person on data_request (person_id);
create index data_request_open on data_request (asked_on) where done_on is null;
