-- The sums anew: of a report that came back, all figures count again but those that wait for the unit's answer
-- (storage/reports/running.py).
delete from running_total;

insert into running_total (period_id, indicator, final, amount, whole, approx, units)
with counted as (
  select s.period_id, s.unit_id, v.indicator, case when s.confirmed_at is null then 0 else 1 end as final, v.amount, v.approx
  from submission s join value v on v.period_id = s.period_id and v.unit_id = s.unit_id
  where s.state in ('submitted', 'accepted', 'locked') or (s.state = 'returned' and not exists (
    select 1 from returned b where b.period_id = v.period_id and b.unit_id = v.unit_id and b.indicator = v.indicator
      and b.answered_at is null))
)
select period_id, indicator, final, cast(sum(amount) as bigint), cast(sum(whole) as bigint), cast(sum(approx) as bigint), count(*)
from (
  select c.period_id, c.indicator, c.final, c.amount, 0 as whole, c.approx
  from counted c where c.indicator not in (select indicator from rate)
  union all
  select v.period_id, r.indicator, v.final, v.amount, w.amount, v.approx + w.approx
  from rate r join counted v on v.indicator = r.part
    join counted w on w.period_id = v.period_id and w.unit_id = v.unit_id and w.indicator = r.whole
) summed
group by period_id, indicator, final;
