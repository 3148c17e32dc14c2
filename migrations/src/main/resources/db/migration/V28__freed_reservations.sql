-- A call that was declared void, of which somebody tells after all, is charged nothing: what it had reserved was freed.
ALTER TABLE usage_record
    DROP CONSTRAINT usage_record_waived_check,
    ADD CONSTRAINT usage_record_waived_check CHECK (waived IN ('GIVEN_UP', 'VOID')) NOT VALID;

-- A lease of a former life is given up as well when what nobody had told of is freed. Calls that its gateway had shipped
-- as open then keep what they had reserved until it is known how they ended. The row of the lease may be another's by
-- then, so it is noted of what it was; null of those that were given up before.
ALTER TABLE quota_lease_given_up
    ADD COLUMN kept uuid[] NOT NULL DEFAULT '{}',
    ADD COLUMN policy_id uuid,
    ADD COLUMN starts_at timestamptz;
GRANT UPDATE ON quota_lease_given_up TO atrium_platform;
