-- The province's sums of each period, kept current by whoever changes a figure that counts (storage/reports/running.py).
-- final: 1 of the reports whose estimates were called final. amount: the sum; of a rate, that of its part, and whole is
-- that of the count it is a part of, over the units that gave both. approx: how many parts of it were rounded.
create table running_total (
  period_id   bigint not null references period (id),
  indicator   text not null,
  final       integer not null check (final in (0, 1)),
  amount      bigint not null,
  whole       bigint not null,
  approx      bigint not null,
  units       bigint not null,
  primary key (period_id, indicator, final)
) without rowid;

-- The rates of the catalogue whose parts are summed as above; written by the program when the catalogue's are others.
create table rate (
  indicator   text primary key,
  part        text not null,
  whole       text not null
);

-- Who ended is asked for by every summary of a cluster.
create index unit_ended on unit (valid_to_on) where valid_to_on is not null;

insert into running_total (period_id, indicator, final, amount, whole, approx, units)
select s.period_id, v.indicator, case when s.confirmed_at is null then 0 else 1 end,
  cast(sum(v.amount) as bigint), 0, cast(sum(v.approx) as bigint), count(*)
from submission s join value v on v.period_id = s.period_id and v.unit_id = s.unit_id
where s.state in ('submitted', 'accepted', 'locked')
group by s.period_id, v.indicator, case when s.confirmed_at is null then 0 else 1 end;
