-- Leases that were ended with a lost gateway. What calls had reserved of them is free: such a call, when somebody
-- tells of it all the same, is charged nothing. Kept for as long as calls are taken into the ledger.
CREATE TABLE quota_lease_given_up (
    lease_id    uuid PRIMARY KEY,
    given_up_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX quota_lease_given_up_by_time ON quota_lease_given_up (given_up_at);
GRANT SELECT, INSERT, DELETE ON quota_lease_given_up TO atrium_platform;

-- Why a call is charged nothing. Null of all others, so the hashes of rows that were stated before stay what they are.
ALTER TABLE usage_record
    ADD COLUMN waived text,
    ADD CONSTRAINT usage_record_waived_check CHECK (waived IN ('GIVEN_UP')) NOT VALID;
