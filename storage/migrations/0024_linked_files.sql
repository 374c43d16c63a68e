-- Files given out as links on channels that take none. mark: drawn, a part of the link; content: base64; until: after
-- that instant the link shows nothing.
create table linked_file (
  mark        text primary key,
  name        text not null,
  picture     integer not null,
  content     text not null,
  until       bigint not null
);
