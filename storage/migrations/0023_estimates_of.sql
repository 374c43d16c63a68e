-- Whose figures are estimates, where the period's are (period.estimated): 'all', or named clusters as in period.owes. The
-- report of any other unit is final as it is sent.
alter table period add column estimates_of text not null default 'all';
