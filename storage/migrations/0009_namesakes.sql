-- Whether another unit is called the same is asked for every unit of a list.
create index unit_name on unit (name);
