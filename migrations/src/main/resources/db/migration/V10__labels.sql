-- Labels for cost centres, of keys and calls. See docs/adr/0013-labels.md.

ALTER TABLE api_key
    ADD COLUMN label text,
    ADD CONSTRAINT api_key_label_check CHECK (label ~ '^[A-Za-z0-9._:/-]{1,64}$') NOT VALID;

-- Null where a call has none, so the hashes of rows that were stated before stay what they are.
ALTER TABLE usage_record
    ADD COLUMN label text,
    ADD CONSTRAINT usage_record_label_check CHECK (label ~ '^[A-Za-z0-9._:/-]{1,64}$') NOT VALID;

-- A row per label, and one for calls without any.
ALTER TABLE usage_hourly
    ADD COLUMN label text,
    DROP CONSTRAINT usage_hourly_key,
    ADD CONSTRAINT usage_hourly_key UNIQUE NULLS NOT DISTINCT (
        tenant_id, hour, project_id, principal_kind, principal_id, model_name, version, operation, currency, label);

-- The labels that a tenant's sums of a day (UTC) have by name: the first ones that came. All others are summed up as
-- 'other'; the ledger has every label as it was.
CREATE TABLE usage_label (
    tenant_id uuid NOT NULL,
    day       date NOT NULL,
    label     text NOT NULL,
    PRIMARY KEY (tenant_id, day, label)
);
CREATE INDEX usage_label_by_day ON usage_label (day);
ALTER TABLE usage_label ENABLE ROW LEVEL SECURITY;
ALTER TABLE usage_label FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON usage_label TO atrium_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON usage_label TO atrium_platform;
