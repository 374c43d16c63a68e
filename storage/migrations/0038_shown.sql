-- What a paper showed beside its figures, part by part, as JSON: by it the next one tells what has changed. Null for papers
-- that were handed out before.
alter table handed_out add column shown text;
