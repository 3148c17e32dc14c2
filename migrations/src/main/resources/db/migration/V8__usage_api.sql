-- Reports over all tenants find their hours without a second index that every posting would have to move: the sums
-- lie on disk nearly in the order of time.
CREATE INDEX usage_hourly_by_hour ON usage_hourly USING brin (hour) WITH (pages_per_range = 32, autosummarize = true);
