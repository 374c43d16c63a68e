-- Photos that units send as evidence, by the channel's own id of each, with which the channel shows it again; the picture
-- itself is not kept. mark: the same for the same picture, as the channel tells it or as summed from its bytes.
-- indicator, caption: '' where nothing was said of it.
create table photo (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  unit_id     bigint not null references unit (id),
  channel     text not null,
  file_id     text not null,
  mark        text not null,
  indicator   text not null default '',
  caption     text not null default '',
  person_id   bigint references person (id),
  at          bigint not null,
  unique (period_id, unit_id, mark)
);
create index photo_unit on photo (unit_id);
create index photo_person on photo (person_id);
