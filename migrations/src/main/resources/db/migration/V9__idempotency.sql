-- Calls that callers named by an Idempotency-Key, so that a retry finds what became of the first one.

-- Which life of its process a gateway is in: what a former one had begun, nobody finishes.
ALTER TABLE gateway ADD COLUMN incarnation uuid;

CREATE TABLE idempotency_key (
    tenant_id       uuid NOT NULL REFERENCES tenant,
    -- HMACs under the registry's master key, of who calls and the key, and of the request: neither can be guessed
    -- from what is stored.
    key_mac         bytea NOT NULL CHECK (octet_length(key_mac) = 32),
    fingerprint_mac bytea CHECK (octet_length(fingerprint_mac) = 32),
    -- RELEASED: the call was refused before a model saw it; the row only keeps a claim away that was overtaken by its
    -- own release.
    state           text NOT NULL CHECK (state IN ('CLAIMED', 'ANSWERED', 'UNKNOWN', 'RELEASED')),
    call_id         uuid NOT NULL,
    gateway_id      uuid NOT NULL,
    incarnation     uuid,
    -- No call lives longer; a claim of which nothing was heard by then is one whose outcome is unknown.
    over_by         timestamptz,
    status          integer CHECK (status BETWEEN 200 AND 599),
    content_type    text CHECK (length(content_type) BETWEEN 1 AND 255),
    -- AES-GCM under the master key, for this call alone. NULL where it was too long to be kept.
    reply           bytea,
    created_at      timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key_mac),
    CHECK (state = 'RELEASED' OR (fingerprint_mac IS NOT NULL AND incarnation IS NOT NULL AND over_by IS NOT NULL)),
    CHECK (reply IS NULL OR (state = 'ANSWERED' AND status IS NOT NULL AND content_type IS NOT NULL))
);
CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);
-- Encrypted bytes do not get shorter.
ALTER TABLE idempotency_key ALTER COLUMN reply SET STORAGE EXTERNAL;

ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_key FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON idempotency_key TO atrium_app USING (tenant_id = current_tenant())
    WITH CHECK (tenant_id = current_tenant());
CREATE POLICY platform ON idempotency_key TO atrium_platform USING (true) WITH CHECK (true);

GRANT SELECT, INSERT, UPDATE ON idempotency_key TO atrium_app;
-- Expiry alone crosses tenants, and reads no reply.
GRANT SELECT (tenant_id, key_mac, expires_at), DELETE ON idempotency_key TO atrium_platform;
