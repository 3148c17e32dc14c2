-- Quotas of what a tenant, or one of its projects, keeps here. What is used is always added up from the files
-- themselves; only uploads that run are noted, by what they may still bring.
ALTER TABLE quota_policy
    DROP CONSTRAINT quota_policy_unit_check,
    ADD CONSTRAINT quota_policy_unit_check CHECK (
        unit IN ('REQUESTS', 'INPUT_TOKENS', 'OUTPUT_TOKENS', 'TOKENS', 'COMPUTE_MILLIS', 'CONCURRENCY', 'COST_MICROS',
                 'STORED_BYTES')),
    ADD CHECK (unit <> 'STORED_BYTES'
               OR (time_window = 'LIFETIME' AND api_key_id IS NULL AND model_name IS NULL));

CREATE TABLE storage_reservation (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id  uuid NOT NULL REFERENCES tenant,
    project_id uuid NOT NULL,
    bytes      bigint NOT NULL CHECK (bytes >= 0),
    -- An upload whose registry died is over by then.
    expires_at timestamptz NOT NULL,
    FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id)
);
CREATE INDEX storage_reservation_by_tenant ON storage_reservation (tenant_id);

ALTER TABLE storage_reservation ENABLE ROW LEVEL SECURITY;
ALTER TABLE storage_reservation FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON storage_reservation TO atrium_app USING (tenant_id = current_tenant())
    WITH CHECK (tenant_id = current_tenant());
CREATE POLICY platform ON storage_reservation TO atrium_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON storage_reservation TO atrium_app;
GRANT SELECT ON storage_reservation TO atrium_platform;
