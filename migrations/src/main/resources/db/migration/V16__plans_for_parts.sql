-- Limits of plans for one model, and for each project and each key of a tenant: made for those there are when the plan
-- is applied, and with each one that is made later. See docs/adr/0020-limits-for-each-key.md.
ALTER TABLE quota_policy ADD COLUMN made_for_each boolean NOT NULL DEFAULT false;

DROP INDEX quota_policy_by_plan;
CREATE UNIQUE INDEX quota_policy_by_plan
    ON quota_policy (tenant_id, plan_id, plan_limit, project_id, api_key_id, model_name) NULLS NOT DISTINCT
    WHERE plan_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX quota_policy_for_each ON quota_policy (tenant_id, api_key_id) WHERE made_for_each AND deleted_at IS NULL;

-- Which plan was applied to a tenant last, and what it says for each project and key to come, as it was then.
CREATE TABLE quota_plan_use (
    tenant_id  uuid PRIMARY KEY REFERENCES tenant,
    plan_id    uuid NOT NULL REFERENCES quota_plan,
    defaults   jsonb NOT NULL CHECK (jsonb_typeof(defaults) = 'array'),
    applied_by text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX quota_plan_use_by_plan ON quota_plan_use (plan_id);

ALTER TABLE quota_plan_use ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_plan_use FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON quota_plan_use TO atrium_app USING (tenant_id = current_tenant())
    WITH CHECK (tenant_id = current_tenant());
CREATE POLICY platform ON quota_plan_use TO atrium_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON quota_plan_use TO atrium_app;
GRANT SELECT, DELETE ON quota_plan_use TO atrium_platform;
