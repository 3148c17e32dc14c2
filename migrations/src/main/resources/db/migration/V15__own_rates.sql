-- The requests per minute of keys and principals, shared by the leases of policies that nobody set and no tenant
-- sees: made when a gateway first needs one, dropped when none was leased for a day. See docs/adr/0016-a-minutes-limit.md.
ALTER TABLE quota_policy ADD COLUMN principal text;
ALTER TABLE quota_policy ADD CHECK (
    principal IS NULL
    OR (unit = 'REQUESTS' AND time_window = 'MINUTE' AND mode = 'HARD' AND plan_id IS NULL
        AND num_nonnulls(project_id, api_key_id, model_name) = 0));
CREATE INDEX quota_policy_of_principals ON quota_policy (id) WHERE principal IS NOT NULL;

ALTER POLICY own_tenant ON quota_policy USING (tenant_id = current_tenant() AND principal IS NULL)
    WITH CHECK (tenant_id = current_tenant() AND principal IS NULL);
GRANT DELETE ON quota_policy TO atrium_platform;
