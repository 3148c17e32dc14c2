-- Input tokens that an engine had computed before and took from its cache, where it tells. They are among input_tokens.

-- Null where nothing is known, so the hashes of rows that were stated before stay what they are.
ALTER TABLE usage_record
    ADD COLUMN cached_input_tokens bigint,
    ADD CONSTRAINT usage_record_cached_check CHECK (
        cached_input_tokens IS NULL OR cached_input_tokens BETWEEN 0 AND input_tokens) NOT VALID;

ALTER TABLE node_usage ADD COLUMN cached_input_tokens bigint;

-- Sums of the calls of which it is known, and how many those are.
ALTER TABLE usage_hourly
    ADD COLUMN cached_calls bigint NOT NULL DEFAULT 0,
    ADD COLUMN cached_input_tokens bigint NOT NULL DEFAULT 0;
