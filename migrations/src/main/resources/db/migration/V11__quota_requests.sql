-- Requests for more of a quota, and what became of them.

CREATE TABLE quota_request (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id      uuid NOT NULL REFERENCES tenant,
    policy_id      uuid NOT NULL REFERENCES quota_policy,
    -- The policy's when it was asked.
    former_amount  bigint NOT NULL CHECK (former_amount >= 0),
    amount         bigint NOT NULL CHECK (amount <= 1000000000000000),
    reason         text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
    state          text NOT NULL DEFAULT 'OPEN'
                   CHECK (state IN ('OPEN', 'APPROVED', 'TRIMMED', 'DENIED', 'WITHDRAWN')),
    requester_id   text NOT NULL,
    requested_by   text NOT NULL,
    created_at     timestamptz NOT NULL,
    decided_by     text,
    decided_at     timestamptz,
    note           text CHECK (length(note) BETWEEN 1 AND 2000),
    granted        bigint CHECK (granted <= 1000000000000000),
    -- A temporary raise: until when, and what the amount is afterwards.
    until_at       timestamptz,
    restore_amount bigint CHECK (restore_amount >= 0),
    -- When a temporary raise was over: at its end, or because another decision took its place.
    ended_at       timestamptz,
    -- When the requester has taken note of the decision.
    read_at        timestamptz,
    CHECK (amount > former_amount),
    CHECK ((state = 'OPEN') = (decided_at IS NULL)),
    CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CHECK ((state IN ('APPROVED', 'TRIMMED')) = (granted IS NOT NULL)),
    CHECK (until_at IS NULL OR granted IS NOT NULL),
    CHECK ((until_at IS NULL) = (restore_amount IS NULL)),
    CHECK (ended_at IS NULL OR until_at IS NOT NULL)
);
CREATE UNIQUE INDEX quota_request_one_open ON quota_request (policy_id, requester_id) WHERE state = 'OPEN';
CREATE INDEX quota_request_by_tenant ON quota_request (tenant_id, id DESC);
CREATE INDEX quota_request_open ON quota_request (id DESC) WHERE state = 'OPEN';
-- At most one raise of a policy is temporary at a time.
CREATE UNIQUE INDEX quota_request_raised ON quota_request (policy_id) WHERE until_at IS NOT NULL AND ended_at IS NULL;
CREATE INDEX quota_request_ending ON quota_request (until_at) WHERE ended_at IS NULL;

ALTER TABLE quota_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE quota_request FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON quota_request TO atrium_app USING (tenant_id = current_tenant())
    WITH CHECK (tenant_id = current_tenant());
CREATE POLICY platform ON quota_request TO atrium_platform USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON quota_request TO atrium_app;
GRANT SELECT ON quota_request TO atrium_platform;

-- Requests are told of in the tenant's own transactions.
GRANT INSERT ON webhook_delivery TO atrium_app;
