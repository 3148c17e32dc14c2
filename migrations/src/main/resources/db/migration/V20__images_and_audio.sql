-- Pictures and sound of calls: in the ledger, in its sums, in prices and as units of quotas.
-- See docs/adr/0025-images-and-audio.md.

-- Null where there was none, so the hashes of rows that were stated before stay what they are.
ALTER TABLE usage_record
    ADD COLUMN images bigint,
    ADD COLUMN audio_millis bigint,
    ADD CONSTRAINT usage_record_media_check CHECK (
        coalesce(images, 0) >= 0 AND coalesce(audio_millis, 0) >= 0) NOT VALID;

ALTER TABLE node_usage
    ADD COLUMN images bigint,
    ADD COLUMN audio_millis bigint;

ALTER TABLE usage_hourly
    ADD COLUMN images bigint NOT NULL DEFAULT 0,
    ADD COLUMN audio_millis bigint NOT NULL DEFAULT 0;

ALTER TABLE usage_adjustment
    ADD COLUMN images bigint NOT NULL DEFAULT 0,
    ADD COLUMN audio_millis bigint NOT NULL DEFAULT 0,
    ADD CHECK (kind <> 'CREDIT' OR (images <= 0 AND audio_millis <= 0));

ALTER TABLE price
    ADD COLUMN images            bigint CHECK (images BETWEEN 0 AND 1000000000000000),
    ADD COLUMN audio_millis      bigint CHECK (audio_millis BETWEEN 0 AND 1000000000000000),
    ADD COLUMN free_images       bigint CHECK (free_images > 0),
    ADD COLUMN free_audio_millis bigint CHECK (free_audio_millis > 0);

-- The check that a price names an amount has no name of its own.
DO $$
DECLARE
    former text;
BEGIN
    SELECT conname INTO STRICT former FROM pg_constraint
    WHERE conrelid = 'public.price'::regclass AND contype = 'c' AND pg_get_constraintdef(oid) LIKE '%num_nonnulls%';
    EXECUTE format('ALTER TABLE price DROP CONSTRAINT %I', former);
END $$;
ALTER TABLE price ADD CONSTRAINT price_amount_check CHECK (
    num_nonnulls(requests, input_tokens, output_tokens, compute_millis, images, audio_millis) > 0);

ALTER TABLE price_free_use
    ADD COLUMN images bigint NOT NULL DEFAULT 0 CHECK (images >= 0),
    ADD COLUMN audio_millis bigint NOT NULL DEFAULT 0 CHECK (audio_millis >= 0);

ALTER TABLE quota_policy
    DROP CONSTRAINT quota_policy_unit_check,
    ADD CONSTRAINT quota_policy_unit_check CHECK (
        unit IN ('REQUESTS', 'INPUT_TOKENS', 'OUTPUT_TOKENS', 'TOKENS', 'COMPUTE_MILLIS', 'CONCURRENCY', 'COST_MICROS',
                 'STORED_BYTES', 'IMAGES', 'AUDIO_MILLIS'));
