-- Each time a key becomes free another turn of it begins. A claim takes over only the turn that it names, so a copy of
-- it that comes late, when others have had the key since, takes nothing.
ALTER TABLE idempotency_key ADD COLUMN turn uuid;
-- Apart: rows that there are get none, as a table with replies is not to be written anew. They are claimed as before.
ALTER TABLE idempotency_key ALTER COLUMN turn SET DEFAULT gen_random_uuid();
