-- Calls that were refused before they were opened, for some days. See docs/adr/0015-refused-calls.md.

CREATE TABLE refused_call (
    day          date NOT NULL,
    call_id      uuid NOT NULL,
    tenant_id    uuid NOT NULL,
    principal_id text NOT NULL,
    model        text,
    code         text NOT NULL,
    label        text,
    gateway_id   uuid NOT NULL,
    -- As it was shipped; what is asked for has a column too.
    body         jsonb NOT NULL,
    PRIMARY KEY (day, call_id)
) PARTITION BY RANGE (day);
CREATE INDEX refused_call_by_tenant ON refused_call (tenant_id, day, call_id);

-- How many more there were of each code in each minute, as each life of a gateway has counted.
CREATE TABLE refused_unlisted (
    day       date NOT NULL,
    tenant_id uuid NOT NULL,
    minute    timestamptz NOT NULL,
    code      text NOT NULL,
    source    uuid NOT NULL,
    calls     bigint NOT NULL CHECK (calls > 0),
    PRIMARY KEY (day, tenant_id, minute, code, source)
) PARTITION BY RANGE (day);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['refused_call', 'refused_unlisted'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_tenant ON %I TO atrium_app USING (tenant_id = current_tenant())', t);
        EXECUTE format('CREATE POLICY platform ON %I TO atrium_platform USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT SELECT ON refused_call, refused_unlisted TO atrium_app;
GRANT SELECT, INSERT ON refused_call TO atrium_platform;
GRANT SELECT, INSERT, UPDATE ON refused_unlisted TO atrium_platform;

CREATE FUNCTION refused_ensure_partitions(first_day date, last_day date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent text;
    day    date;
    name   text;
    made   integer := 0;
BEGIN
    IF last_day - first_day > 400 THEN
        RAISE EXCEPTION 'refusing to make % partitions at once', last_day - first_day;
    END IF;
    PERFORM pg_advisory_xact_lock(4711004);
    FOREACH parent IN ARRAY ARRAY['refused_call', 'refused_unlisted'] LOOP
        FOR day IN SELECT generate_series(first_day, last_day, interval '1 day')::date LOOP
            name := parent || '_' || to_char(day, 'YYYYMMDD');
            IF to_regclass('public.' || name) IS NULL THEN
                EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', name, parent, day, day + 1);
                made := made + 1;
            END IF;
        END LOOP;
    END LOOP;
    RETURN made;
END $$;

CREATE FUNCTION refused_drop_partitions(first_kept date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    -- Dropping locks the whole table: rather later than behind a reader and before every intake.
    SET lock_timeout = '2s' AS $$
DECLARE
    name    text;
    dropped integer := 0;
BEGIN
    IF first_kept > (now() AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'refusing to drop days that are not over (from % on)', first_kept;
    END IF;
    PERFORM pg_advisory_xact_lock(4711004);
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN ('public.refused_call'::regclass, 'public.refused_unlisted'::regclass)
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < first_kept
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
REVOKE ALL ON FUNCTION refused_ensure_partitions, refused_drop_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION refused_ensure_partitions, refused_drop_partitions TO atrium_platform;
