-- Plans: named sets of limits from which policies of tenants are made.

CREATE TABLE quota_plan (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    name       text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    -- Read and written as a whole: an array of limits, each with a name of its own.
    limits     jsonb NOT NULL CHECK (jsonb_typeof(limits) = 'array'),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    revision   integer NOT NULL DEFAULT 0
);
ALTER TABLE quota_plan ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_plan FORCE ROW LEVEL SECURITY;
CREATE POLICY platform ON quota_plan TO atrium_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON quota_plan TO atrium_platform;

-- Which limit of which plan a policy was made from.
ALTER TABLE quota_policy
    ADD COLUMN plan_id    uuid REFERENCES quota_plan,
    ADD COLUMN plan_limit text,
    ADD CHECK ((plan_id IS NULL) = (plan_limit IS NULL));
CREATE UNIQUE INDEX quota_policy_by_plan ON quota_policy (tenant_id, plan_id, plan_limit)
    WHERE plan_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX quota_policy_of_plan ON quota_policy (plan_id) WHERE plan_id IS NOT NULL;
