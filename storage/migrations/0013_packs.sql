-- Meeting packs that were asked for; version, figures (JSON: what it showed, for the next one to be compared with) and
-- made_at are set when one is made. area: province, cluster:CODE or unit:CODE.
create table pack (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  area        text not null,
  asked_at    bigint not null,
  version     text,
  figures     text,
  made_at     bigint
);
create index pack_area on pack (period_id, area);

-- Its files, in base64, kept for some days: a message sent again carries the same bytes.
create table pack_file (
  pack_id     bigint not null references pack (id),
  name        text not null,
  content     text not null,
  primary key (pack_id, name)
);
