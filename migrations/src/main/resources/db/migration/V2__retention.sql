-- Days of the ledger that are beyond its retention go as a whole. They belong to the owner; the registry,
-- which may not delete a single record, says up to which day.
CREATE FUNCTION usage_drop_partitions(first_kept date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    -- Dropping locks the whole ledger: rather later than behind a long report and before every intake.
    SET lock_timeout = '2s' AS $$
DECLARE
    name    text;
    dropped integer := 0;
BEGIN
    IF first_kept > (now() AT TIME ZONE 'UTC')::date - 31 THEN
        RAISE EXCEPTION 'refusing to drop days of the last month (from % on)', first_kept;
    END IF;
    PERFORM pg_advisory_xact_lock(4711003);
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.usage_record'::regclass AND c.relname ~ '^usage_record_[0-9]{8}$'
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < first_kept
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION usage_drop_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_drop_partitions TO atrium_platform;

-- Resolved orphans are removed by their age, removals in the feed by their order.
CREATE INDEX usage_orphan_resolved ON usage_orphan (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX feed_entry_gone ON feed_entry (revision) WHERE body IS NULL;
