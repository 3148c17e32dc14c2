-- Notices by mail, where the platform has a mail server.

-- Written with what it tells of; who is to be told is found when it is looked at.
CREATE TABLE mail_event (
    id           uuid PRIMARY KEY,
    tenant_id    uuid NOT NULL REFERENCES tenant,
    body         jsonb NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    addressed_at timestamptz
);
CREATE INDEX mail_event_new ON mail_event (created_at) WHERE addressed_at IS NULL;
CREATE INDEX mail_event_by_time ON mail_event (created_at);

-- One letter to one person; sent by any registry, at least once.
CREATE TABLE mail_delivery (
    id              uuid PRIMARY KEY DEFAULT uuidv7(),
    event_id        uuid NOT NULL REFERENCES mail_event ON DELETE CASCADE,
    user_id         uuid NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    attempts        integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- NULL: sent or given up.
    next_attempt_at timestamptz DEFAULT now(),
    delivered_at    timestamptz,
    failure         text,
    UNIQUE (event_id, user_id)
);
CREATE INDEX mail_delivery_due ON mail_delivery (next_attempt_at) WHERE next_attempt_at IS NOT NULL;

ALTER TABLE mail_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_event FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON mail_event TO atrium_app USING (tenant_id = current_tenant())
    WITH CHECK (tenant_id = current_tenant());
CREATE POLICY platform ON mail_event TO atrium_platform USING (true) WITH CHECK (true);
ALTER TABLE mail_delivery ENABLE ROW LEVEL SECURITY;
ALTER TABLE mail_delivery FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON mail_delivery TO atrium_platform USING (true) WITH CHECK (true);
GRANT INSERT ON mail_event TO atrium_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON mail_event, mail_delivery TO atrium_platform;
