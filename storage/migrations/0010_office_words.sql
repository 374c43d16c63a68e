-- What people have called an indicator, one word of a person for each phrase: three alike make a name of the office.
create table word_vote (
  plain       text not null,
  person_id   bigint not null references person (id),
  phrase      text not null,
  code        text not null,
  at          bigint not null,
  primary key (plain, person_id)
);
create index word_vote_person on word_vote (person_id);

-- The office's own names of indicators. origin: learned of its people, or given by the office. A removed one is not
-- learned again.
create table office_word (
  plain       text primary key,
  phrase      text not null,
  code        text not null,
  origin      text not null check (origin in ('learned', 'given')),
  at          bigint not null,
  removed_at  bigint
);
