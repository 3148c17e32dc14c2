-- After how many seconds without a call a deployment's replicas are unloaded, to be loaded again by the
-- next call; 0 is loaded at once and for good, which is what everything deployed before was.
ALTER TABLE deployment ADD COLUMN idle_seconds integer NOT NULL DEFAULT 0
    CHECK (idle_seconds BETWEEN 0 AND 604800);

-- A replica that is in no memory but that a call has loaded.
ALTER TABLE placement DROP CONSTRAINT placement_state_check;
ALTER TABLE placement ADD CONSTRAINT placement_state_check CHECK
    (state IN ('PENDING', 'UNLOADED', 'FETCHING', 'LOADING', 'WARMING_UP', 'READY', 'DRAINING', 'FAILED'));
