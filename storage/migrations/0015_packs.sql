-- Meeting packs that were asked for; version and made_at are set when one is made, and handed_out keeps its figures'
-- version under the same id. area: province, cluster:CODE or unit:CODE.
create table pack (
  id          bigint primary key,
  period_id   bigint not null references period (id),
  area        text not null,
  asked_at    bigint not null,
  version     text,
  made_at     bigint
);
create index pack_period on pack (period_id);

-- Its files, in base64, kept for some days: a message sent again carries the same bytes.
create table pack_file (
  pack_id     bigint not null references pack (id),
  name        text not null,
  content     text not null,
  primary key (pack_id, name)
);
