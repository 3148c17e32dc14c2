-- Units of a price that cost nothing, each calendar month. See docs/adr/0019-free-units.md.

ALTER TABLE price
    ADD COLUMN free_requests       bigint CHECK (free_requests > 0),
    ADD COLUMN free_input_tokens   bigint CHECK (free_input_tokens > 0),
    ADD COLUMN free_output_tokens  bigint CHECK (free_output_tokens > 0),
    ADD COLUMN free_compute_millis bigint CHECK (free_compute_millis > 0);

-- What of them a tenant's posted calls of a month (its time zone) had. Moves in the transaction that posts the calls,
-- under a lock that is taken before any other of the ledger.
CREATE TABLE price_free_use (
    tenant_id      uuid NOT NULL,
    price_id       uuid NOT NULL,
    month          date NOT NULL,
    requests       bigint NOT NULL DEFAULT 0 CHECK (requests >= 0),
    input_tokens   bigint NOT NULL DEFAULT 0 CHECK (input_tokens >= 0),
    output_tokens  bigint NOT NULL DEFAULT 0 CHECK (output_tokens >= 0),
    compute_millis bigint NOT NULL DEFAULT 0 CHECK (compute_millis >= 0),
    PRIMARY KEY (tenant_id, price_id, month)
);
ALTER TABLE price_free_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE price_free_use FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON price_free_use FOR SELECT TO atrium_app USING (tenant_id = current_tenant());
CREATE POLICY platform ON price_free_use TO atrium_platform USING (true) WITH CHECK (true);
GRANT SELECT ON price_free_use TO atrium_app;
GRANT SELECT, INSERT, UPDATE ON price_free_use TO atrium_platform;

-- What the free units of a call would have cost; null where it had none, so that former rows hash as before.
ALTER TABLE usage_record
    ADD COLUMN free_micros bigint,
    ADD CONSTRAINT usage_record_free_check CHECK (
        free_micros IS NULL OR (free_micros > 0 AND cost_micros IS NOT NULL)) NOT VALID;
ALTER TABLE usage_hourly ADD COLUMN free_micros bigint NOT NULL DEFAULT 0;
