-- A link to the leaders' page, by its hash only: good once until expires_at; used, it is the session of one browser.
create table page_link (
  link_hash     text primary key,
  person_id     bigint not null references person (id),
  created_at    bigint not null,
  expires_at    bigint not null,
  session_hash  text unique,
  session_until bigint
);
create index page_link_person on page_link (person_id);

-- Who has seen the page or a paper: role, area (0 for none) and day, never the person.
create table seen (
  what       text not null,
  role       text not null,
  cluster_id bigint not null default 0,
  unit_id    bigint not null default 0,
  seen_on    text not null,
  primary key (what, role, cluster_id, unit_id, seen_on)
);
