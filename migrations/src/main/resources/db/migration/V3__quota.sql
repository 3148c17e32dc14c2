-- Quotas: what people set, the windows in which it is counted, and what gateways hold of them.
-- See docs/adr/0007-quotas-by-leases.md.
--
-- Locks are always taken in one order: windows (by policy, then start), then leases (by id).

CREATE TABLE quota_policy (
    id           uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id    uuid NOT NULL REFERENCES tenant,
    name         text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    -- At most one of these; with none the policy is for the whole tenant.
    project_id   uuid,
    api_key_id   text REFERENCES api_key,
    model_name   text,
    unit         text NOT NULL CHECK (unit IN ('REQUESTS', 'INPUT_TOKENS', 'OUTPUT_TOKENS', 'TOKENS', 'COMPUTE_MILLIS',
                                               'CONCURRENCY')),
    time_window  text NOT NULL CHECK (time_window IN ('NONE', 'SECOND', 'MINUTE', 'HOUR', 'DAY', 'MONTH', 'LIFETIME')),
    amount       bigint NOT NULL CHECK (amount BETWEEN 0 AND 1000000000000000),
    burst        bigint CHECK (burst BETWEEN 1 AND 1000000000000000),
    mode         text NOT NULL CHECK (mode IN ('HARD', 'SOFT', 'DRY_RUN')),
    warn_percent integer NOT NULL CHECK (warn_percent BETWEEN 1 AND 100),
    origin       text NOT NULL CHECK (origin IN ('PLATFORM', 'TENANT')),
    created_by   text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    deleted_at   timestamptz,
    revision     integer NOT NULL DEFAULT 0,
    CHECK (num_nonnulls(project_id, api_key_id, model_name) <= 1),
    CHECK ((unit = 'CONCURRENCY') = (time_window = 'NONE')),
    CHECK ((time_window IN ('SECOND', 'MINUTE')) = (burst IS NOT NULL)),
    -- A rate or a level that refuses nothing would count nothing.
    CHECK (mode <> 'SOFT' OR time_window IN ('HOUR', 'DAY', 'MONTH', 'LIFETIME')),
    FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id)
);
CREATE INDEX quota_policy_by_tenant ON quota_policy (tenant_id, id) WHERE deleted_at IS NULL;

-- One stretch of time of one policy. Rates and levels have one window that never ends, counted in slices and
-- permits. No limit ever rejects a settlement, so nothing here compares used with the amount.
CREATE TABLE quota_window (
    policy_id    uuid NOT NULL REFERENCES quota_policy,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz CHECK (ends_at > starts_at),
    tenant_id    uuid NOT NULL,
    used         bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
    -- With living leases: granted, not given back, not settled.
    reserved     bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    -- The same of leases whose gateway has vanished.
    unreconciled bigint NOT NULL DEFAULT 0 CHECK (unreconciled >= 0),
    refused      bigint NOT NULL DEFAULT 0 CHECK (refused >= 0),
    PRIMARY KEY (policy_id, starts_at)
);
CREATE INDEX quota_window_by_end ON quota_window (ends_at);
CREATE INDEX quota_window_by_tenant ON quota_window (tenant_id, policy_id, starts_at);

CREATE TABLE quota_lease (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    policy_id   uuid NOT NULL,
    starts_at   timestamptz NOT NULL,
    gateway_id  uuid NOT NULL,
    -- The life of the gateway's process that holds it.
    incarnation uuid NOT NULL,
    -- Sums over the lease's life: amount >= returned + settled.
    amount      bigint NOT NULL DEFAULT 0 CHECK (amount >= 0),
    returned    bigint NOT NULL DEFAULT 0 CHECK (returned >= 0),
    settled     bigint NOT NULL DEFAULT 0 CHECK (settled >= 0),
    refused     bigint NOT NULL DEFAULT 0 CHECK (refused >= 0),
    state       text NOT NULL DEFAULT 'LIVE' CHECK (state IN ('LIVE', 'EXPIRED', 'CLOSED')),
    expires_at  timestamptz NOT NULL,
    CHECK (returned + settled <= amount),
    FOREIGN KEY (policy_id, starts_at) REFERENCES quota_window ON DELETE CASCADE,
    UNIQUE (policy_id, starts_at, gateway_id, incarnation)
);
CREATE INDEX quota_lease_by_gateway ON quota_lease (gateway_id, incarnation) WHERE state <> 'CLOSED';
CREATE INDEX quota_lease_by_expiry ON quota_lease (expires_at) WHERE state = 'LIVE';

-- Asks other gateways to give back; read by their waiting requests, short-lived.
CREATE SEQUENCE quota_recall_sequence;
CREATE TABLE quota_recall (
    sequence   bigint PRIMARY KEY DEFAULT nextval('quota_recall_sequence'),
    policy_id  uuid NOT NULL,
    starts_at  timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE quota_event (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id   uuid NOT NULL REFERENCES tenant,
    policy_id   uuid NOT NULL REFERENCES quota_policy,
    starts_at   timestamptz NOT NULL,
    threshold   integer NOT NULL CHECK (threshold BETWEEN 1 AND 100),
    used        bigint NOT NULL,
    amount      bigint NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    UNIQUE (policy_id, starts_at, threshold)
);
CREATE INDEX quota_event_by_tenant ON quota_event (tenant_id, id DESC);

-- What each call was charged, beside what it used.
ALTER TABLE usage_record ADD COLUMN charges jsonb;

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['quota_policy', 'quota_window', 'quota_event'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_tenant ON %I TO atrium_app USING (tenant_id = current_tenant())
                        WITH CHECK (tenant_id = current_tenant())', t);
        EXECUTE format('CREATE POLICY platform ON %I TO atrium_platform USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

GRANT SELECT, INSERT, UPDATE ON quota_policy TO atrium_app, atrium_platform;
GRANT SELECT ON quota_window, quota_event TO atrium_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON quota_window, quota_lease, quota_recall, quota_event TO atrium_platform;
GRANT USAGE ON SEQUENCE quota_recall_sequence TO atrium_platform;
