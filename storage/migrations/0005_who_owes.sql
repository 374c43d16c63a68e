-- Who owes a period, since when that is decided (null: since it was added). owes: 'all'; 'meeting', the clusters that
-- have a briefing in it, all where none has; or what is named, each between commas: ',#C1,' a cluster, ',@chi_doan,' a
-- level, ',CD01,' a unit. opens_follow, estimates_follow: the opening, and whether figures are estimates, follow from
-- the briefings (reporting/time/deadlines.py); 0 where the office has decided it, as for every period there was.
alter table period add column owes text not null default 'all';
alter table period add column owes_on text;
alter table period add column opens_follow integer not null default 0 check (opens_follow in (0, 1));
alter table period add column estimates_follow integer not null default 0 check (estimates_follow in (0, 1));
