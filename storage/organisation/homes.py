"""SQL in, SQL out that also tells in which cluster each unit's report counts on a day."""

# A living unit is at home in its cluster of that day. One that has ended is at home where its heir is (the successor at
# position 0, or that one's heir); without an heir, in the cluster it was in on its last day. So every filed value counts
# in one cluster and in no second one. reporting/organisation/units.py has the same rule for one unit at a time.
_HOMES = """
with recursive heir (unit_id, at_id) as (
  select u.id, x.successor_id from unit u join succession x on x.unit_id = u.id and x.position = 0
    where u.valid_to_on < ?
  union all
  select h.unit_id, x.successor_id from heir h join unit u on u.id = h.at_id and u.valid_to_on < ?
    join succession x on x.unit_id = u.id and x.position = 0
), home (unit_id, cluster_id) as (
  select m.unit_id, m.cluster_id from cluster_member m
    where m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)
  union all
  select h.unit_id, m.cluster_id from heir h join cluster_member m on m.unit_id = h.at_id
    and m.valid_from_on <= ? and (m.valid_to_on is null or m.valid_to_on >= ?)
  union all
  select e.unit_id, m.cluster_id from (
    select id as unit_id, id as at_id from unit where valid_to_on < ?
    union all select unit_id, at_id from heir
  ) e join unit u on u.id = e.at_id and u.valid_to_on < ?
    join cluster_member m on m.unit_id = u.id and m.valid_to_on = u.valid_to_on
    where not exists (select 1 from succession x where x.unit_id = u.id)
) """


def with_homes(query: str, day: str) -> tuple[str, tuple[str, ...]]:
    """The query with a table `home` (unit_id, cluster_id) as of that day (ISO), and the parameters that come first."""
    return _HOMES + query, (day,) * _HOMES.count("?")
