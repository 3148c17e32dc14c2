-- Where a tenant wants to be told of its quotas, and what it is to be told.

CREATE TABLE webhook (
    tenant_id  uuid PRIMARY KEY REFERENCES tenant,
    url        text NOT NULL CHECK (length(url) BETWEEN 1 AND 2000),
    -- AES-GCM under the registry's master key: it signs, so it must be known again.
    secret     bytea NOT NULL,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Written with the event it tells of; sent by any registry, at least once.
CREATE TABLE webhook_delivery (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id       uuid NOT NULL REFERENCES tenant,
    event_id        uuid NOT NULL,
    -- As it is signed and sent, every time the same.
    body            text NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- NULL: delivered or given up.
    next_attempt_at timestamptz DEFAULT now(),
    delivered_at    timestamptz,
    failure         text,
    UNIQUE (tenant_id, event_id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX webhook_delivery_by_tenant ON webhook_delivery (tenant_id, id DESC);
CREATE INDEX webhook_delivery_by_time ON webhook_delivery (created_at);

DO $$
DECLARE
    t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['webhook', 'webhook_delivery'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_tenant ON %I TO atrium_app USING (tenant_id = current_tenant())
                        WITH CHECK (tenant_id = current_tenant())', t);
        EXECUTE format('CREATE POLICY platform ON %I TO atrium_platform USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook TO atrium_app;
GRANT SELECT ON webhook TO atrium_platform;
GRANT SELECT, DELETE ON webhook_delivery TO atrium_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_delivery TO atrium_platform;
