-- Days of the ledger that are closed, the statements made of them, and what is posted afterwards.
-- See docs/adr/0010-statements.md.
--
-- A day is closed once for all tenants, under an advisory lock that every posting holds shared: what was posted
-- before belongs to the day's statement, what comes later is late and belongs to the next one.

CREATE TABLE usage_closed_day (
    day          date PRIMARY KEY,
    closed_at    timestamptz NOT NULL DEFAULT now(),
    -- Calls of killed gateways that nobody had resolved when patience ended.
    open_orphans bigint NOT NULL DEFAULT 0 CHECK (open_orphans >= 0)
);
-- The books begin with the ledger. The day before has no statements; it only says where the first one is.
ALTER TABLE usage_record NO FORCE ROW LEVEL SECURITY;
INSERT INTO usage_closed_day (day)
SELECT coalesce(min(day), (now() AT TIME ZONE 'UTC')::date) - 1 FROM usage_record;
ALTER TABLE usage_record FORCE ROW LEVEL SECURITY;

-- Closed days for which every tenant has its statement.
CREATE TABLE usage_stated_day (
    day       date PRIMARY KEY REFERENCES usage_closed_day,
    stated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO usage_stated_day (day) SELECT day FROM usage_closed_day;

CREATE FUNCTION usage_open_day() RETURNS date LANGUAGE sql STABLE
    RETURN (SELECT max(day) + 1 FROM usage_closed_day);

-- Calls that were posted after their day was closed; noted by the posting itself, so that a row which nobody
-- posted is not taken for a late one.
CREATE TABLE usage_late (
    day           date NOT NULL,
    call_id       uuid NOT NULL,
    tenant_id     uuid NOT NULL,
    statement_day date NOT NULL CHECK (statement_day > day),
    PRIMARY KEY (day, call_id)
);
CREATE INDEX usage_late_by_statement ON usage_late (tenant_id, statement_day, day, call_id);

-- The same of nodes' accounts; (call, attempt) as in node_usage.
CREATE TABLE usage_late_account (
    call_id       uuid NOT NULL,
    attempt       integer NOT NULL,
    statement_day date NOT NULL,
    PRIMARY KEY (call_id, attempt)
);
CREATE INDEX usage_late_account_by_statement ON usage_late_account (statement_day);

CREATE TABLE usage_adjustment (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id      uuid NOT NULL REFERENCES tenant,
    -- Whose statement it is on: the day that was open.
    statement_day  date NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('CORRECTION', 'CREDIT')),
    -- What it is about: a call of the ledger, or a model on a day.
    call_id        uuid,
    day            date NOT NULL,
    model_name     text NOT NULL,
    calls          bigint NOT NULL,
    input_tokens   bigint NOT NULL,
    output_tokens  bigint NOT NULL,
    compute_micros bigint NOT NULL,
    cost_micros    bigint,
    currency       text CHECK (currency ~ '^[A-Z]{3}$'),
    reason         text NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
    approved_by    text NOT NULL,
    approved_at    timestamptz NOT NULL DEFAULT now(),
    CHECK ((cost_micros IS NULL) = (currency IS NULL)),
    CHECK (kind <> 'CREDIT' OR (calls <= 0 AND input_tokens <= 0 AND output_tokens <= 0 AND compute_micros <= 0
                                AND coalesce(cost_micros, 0) <= 0))
);
CREATE INDEX usage_adjustment_by_tenant ON usage_adjustment (tenant_id, id DESC);
CREATE INDEX usage_adjustment_by_statement ON usage_adjustment (tenant_id, statement_day, id);

-- What each row of the ledger was when its statement was made. A day goes with the ledger's.
CREATE TABLE usage_line (
    tenant_id     uuid NOT NULL,
    day           date NOT NULL,
    call_id       uuid NOT NULL,
    statement_day date NOT NULL,
    hash          bytea NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, day, call_id)
) PARTITION BY RANGE (day);

CREATE TABLE usage_statement (
    tenant_id uuid NOT NULL REFERENCES tenant,
    day       date NOT NULL REFERENCES usage_closed_day,
    -- Exactly what the hash is of, so text and not jsonb.
    document  text NOT NULL,
    hash      text NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
    -- HMAC of the hash under a key that the database does not hold.
    seal      text NOT NULL CHECK (seal ~ '^[0-9a-f]{64}$'),
    made_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, day)
);

-- The canonical form of a row: its members as jsonb writes them (keys by length, then bytes; one space after ':' and
-- ','), in UTC, without those that are null. So a column that is added later changes no old hash as long as it
-- is null there.
CREATE FUNCTION usage_row_text(r usage_record) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE SET timezone = 'UTC' SET search_path = public, pg_temp
    AS $$ SELECT jsonb_strip_nulls(to_jsonb(r))::text $$;
CREATE FUNCTION usage_row_hash(r usage_record) RETURNS bytea
    LANGUAGE sql STABLE PARALLEL SAFE SET timezone = 'UTC' SET search_path = public, pg_temp
    AS $$ SELECT sha256(convert_to(jsonb_strip_nulls(to_jsonb(r))::text, 'UTF8')) $$;

-- Partitions of rows and lines come and go together ----------------------------------------------------------

CREATE OR REPLACE FUNCTION usage_ensure_partitions(first_day date, last_day date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day  date := first_day;
    made integer := 0;
    name text;
    line text;
BEGIN
    IF last_day - first_day > 400 THEN
        RAISE EXCEPTION 'refusing to make % partitions at once', last_day - first_day;
    END IF;
    PERFORM pg_advisory_xact_lock(4711003);
    WHILE day <= last_day LOOP
        name := 'usage_record_' || to_char(day, 'YYYYMMDD');
        line := 'usage_line_' || to_char(day, 'YYYYMMDD');
        IF to_regclass('public.' || line) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF usage_line FOR VALUES FROM (%L) TO (%L)', line, day, day + 1);
        END IF;
        IF to_regclass('public.' || name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF usage_record FOR VALUES FROM (%L) TO (%L)', name, day, day + 1);
            made := made + 1;
        END IF;
        day := day + 1;
    END LOOP;
    RETURN made;
END $$;

DO $$
DECLARE
    d date;
BEGIN
    FOR d IN
        SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.usage_record'::regclass AND c.relname ~ '^usage_record_[0-9]{8}$'
    LOOP
        PERFORM usage_ensure_partitions(d, d);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION usage_drop_partitions(first_kept date) RETURNS integer
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
        EXECUTE format('DROP TABLE IF EXISTS public.%I', 'usage_line_' || right(name, 8));
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;

-- Nothing posted is ever edited --------------------------------------------------------------------------------

CREATE FUNCTION usage_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: what is posted is never edited', tg_op, tg_table_name
        USING ERRCODE = 'insufficient_privilege';
END $$;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['usage_record', 'usage_line', 'usage_late', 'usage_late_account', 'usage_adjustment',
                             'usage_statement', 'usage_closed_day', 'usage_stated_day'] LOOP
        -- Triggers of rows hold for the partitions, too; dropping a partition fires none.
        EXECUTE format('CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON %I
                        FOR EACH ROW EXECUTE FUNCTION usage_refuse_change()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I
                        FOR EACH STATEMENT EXECUTE FUNCTION usage_refuse_change()', t);
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM PUBLIC, atrium_app, atrium_platform', t);
    END LOOP;
    FOREACH t IN ARRAY ARRAY['usage_line', 'usage_late', 'usage_adjustment', 'usage_statement'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_tenant ON %I TO atrium_app USING (tenant_id = current_tenant())
                        WITH CHECK (tenant_id = current_tenant())', t);
        EXECUTE format('CREATE POLICY platform ON %I TO atrium_platform USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

REVOKE ALL ON FUNCTION usage_row_text, usage_row_hash, usage_open_day FROM PUBLIC;
GRANT EXECUTE ON FUNCTION usage_row_text, usage_row_hash, usage_open_day TO atrium_platform;
GRANT SELECT ON usage_adjustment, usage_statement, usage_closed_day TO atrium_app;
GRANT SELECT, INSERT ON usage_closed_day, usage_stated_day, usage_late, usage_late_account, usage_adjustment,
    usage_line, usage_statement TO atrium_platform;
