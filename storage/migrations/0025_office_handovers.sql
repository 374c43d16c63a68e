-- The office's role handed on by somebody who holds it. taker_id: null until the code has been used. state: 'begun';
-- 'taken' once the taker says all is there; 'done' once the giver's role has ended; 'stopped'.
create table office_handover (
  id          bigint primary key,
  giver_id    bigint not null references person (id),
  taker_id    bigint references person (id),
  invite_id   bigint references invite (id),
  unit_id     bigint not null references unit (id),
  state       text not null check (state in ('begun', 'taken', 'done', 'stopped')),
  begun_at    bigint not null,
  settled_at  bigint
);
create index office_handover_giver on office_handover (giver_id);
create index office_handover_taker on office_handover (taker_id);
create index office_handover_invite on office_handover (invite_id);
create index office_handover_unit on office_handover (unit_id);
