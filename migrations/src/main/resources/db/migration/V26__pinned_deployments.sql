-- Whether a deployment's replicas are never unloaded to make room for other models. What was deployed
-- before stays what it was: loaded for good.
ALTER TABLE deployment ADD COLUMN pinned boolean NOT NULL DEFAULT true;
