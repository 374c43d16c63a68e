-- spent: the channel has refused a message for want of more, and has taken none since.
alter table allowance add column spent integer not null default 0;
