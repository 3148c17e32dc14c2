-- Prices: what people set, who pays by which list, and what each call cost. See docs/adr/0008-prices.md.

CREATE TABLE price_list (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    name       text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    -- ISO 4217.
    currency   text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- The whole price of what it is for, in micro-units of the list's currency per 1,000,000 units; a unit without an
-- amount costs nothing. Never edited: another price is another row. One that is withdrawn before it is in effect
-- stays readable, for a gateway may have seen it.
CREATE TABLE price (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    list_id        uuid NOT NULL REFERENCES price_list,
    -- NULL: every model.
    model_name     text,
    -- NULL: every version of the model.
    version        integer CHECK (version > 0),
    effective_from timestamptz NOT NULL,
    requests       bigint CHECK (requests BETWEEN 0 AND 1000000000000000),
    input_tokens   bigint CHECK (input_tokens BETWEEN 0 AND 1000000000000000),
    output_tokens  bigint CHECK (output_tokens BETWEEN 0 AND 1000000000000000),
    compute_millis bigint CHECK (compute_millis BETWEEN 0 AND 1000000000000000),
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    withdrawn_at   timestamptz CHECK (withdrawn_at < effective_from),
    CHECK (num_nonnulls(requests, input_tokens, output_tokens, compute_millis) > 0),
    CHECK (version IS NULL OR model_name IS NOT NULL)
);
CREATE UNIQUE INDEX price_one_at_a_time ON price (list_id, model_name, version, effective_from)
    NULLS NOT DISTINCT WHERE withdrawn_at IS NULL;
CREATE INDEX price_by_list ON price (list_id, id DESC);

-- Who pays by which list since when; the newest row counts, former ones tell of former calls.
CREATE TABLE price_assignment (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    -- NULL: every tenant that has no list of its own.
    tenant_id   uuid REFERENCES tenant,
    -- NULL: back to the list of everybody.
    list_id     uuid REFERENCES price_list,
    since       timestamptz NOT NULL DEFAULT now(),
    assigned_by text NOT NULL,
    CHECK (num_nonnulls(tenant_id, list_id) > 0)
);
CREATE INDEX price_assignment_by_tenant ON price_assignment (tenant_id, since DESC, id DESC);

-- A tenant sees the lists that are or were meant for it, and no other's.
ALTER TABLE price_assignment ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_assignment FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON price_assignment FOR SELECT TO atrium_app
    USING (current_tenant() IS NOT NULL AND (tenant_id IS NULL OR tenant_id = current_tenant()));
CREATE POLICY platform ON price_assignment TO atrium_platform USING (true) WITH CHECK (true);
ALTER TABLE price_list ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_list FORCE ROW LEVEL SECURITY;
CREATE POLICY assigned ON price_list FOR SELECT TO atrium_app
    USING (EXISTS (SELECT FROM price_assignment a WHERE a.list_id = price_list.id));
CREATE POLICY platform ON price_list TO atrium_platform USING (true) WITH CHECK (true);
ALTER TABLE price ENABLE ROW LEVEL SECURITY;
ALTER TABLE price FORCE ROW LEVEL SECURITY;
CREATE POLICY of_assigned_list ON price FOR SELECT TO atrium_app
    USING (EXISTS (SELECT FROM price_assignment a WHERE a.list_id = price.list_id));
CREATE POLICY platform ON price TO atrium_platform USING (true) WITH CHECK (true);
GRANT SELECT ON price_list, price, price_assignment TO atrium_app;
GRANT SELECT, INSERT ON price_list, price, price_assignment TO atrium_platform;
GRANT UPDATE (withdrawn_at) ON price TO atrium_platform;

-- What each call cost. Absent, never 0, where there was no price.
ALTER TABLE usage_record
    ADD COLUMN price_id    uuid,
    ADD COLUMN cost_micros bigint CHECK (cost_micros >= 0),
    ADD COLUMN currency    text,
    ADD CHECK ((cost_micros IS NULL) = (currency IS NULL));

-- A row per currency, and one for calls without a price: nearly always a single one.
ALTER TABLE usage_hourly
    ADD COLUMN currency    text,
    ADD COLUMN cost_micros bigint CHECK (cost_micros >= 0),
    ADD CHECK ((cost_micros IS NULL) = (currency IS NULL)),
    DROP CONSTRAINT usage_hourly_pkey,
    ADD CONSTRAINT usage_hourly_key UNIQUE NULLS NOT DISTINCT (
        tenant_id, hour, project_id, principal_kind, principal_id, model_name, version, operation, currency);

-- Budgets: quotas of money.
ALTER TABLE quota_policy
    ADD COLUMN currency text CHECK (currency ~ '^[A-Z]{3}$'),
    DROP CONSTRAINT quota_policy_unit_check,
    ADD CONSTRAINT quota_policy_unit_check CHECK (
        unit IN ('REQUESTS', 'INPUT_TOKENS', 'OUTPUT_TOKENS', 'TOKENS', 'COMPUTE_MILLIS', 'CONCURRENCY', 'COST_MICROS')),
    ADD CHECK ((unit = 'COST_MICROS') = (currency IS NOT NULL)),
    ADD CHECK (unit <> 'COST_MICROS' OR time_window IN ('HOUR', 'DAY', 'MONTH', 'LIFETIME'));
