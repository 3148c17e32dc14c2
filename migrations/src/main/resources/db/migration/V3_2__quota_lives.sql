-- Which life of a gateway's process came before which: only what came before may be called a former one.
CREATE TABLE quota_gateway_life (
    gateway_id    uuid NOT NULL,
    incarnation   uuid NOT NULL,
    first_seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (gateway_id, incarnation)
);
GRANT SELECT, INSERT ON quota_gateway_life TO atrium_platform;

-- Into how many slices a rate was cut when its window began. Another number needs another window: a slice must
-- not change its size in a gateway's hands.
ALTER TABLE quota_window ADD COLUMN slices bigint CHECK (slices >= 0);
