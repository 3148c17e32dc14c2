-- Whose call an attempt was, as its grant said: with it the ledger can have calls of a gateway that never returns.
-- See docs/adr/0012-lost-gateways.md. Absent where the ledger had the call already, and in accounts of former versions.
ALTER TABLE node_usage ADD COLUMN gateway_id uuid, ADD COLUMN call jsonb;
CREATE INDEX node_usage_unclaimed ON node_usage (gateway_id, call_id) WHERE call IS NOT NULL;
