-- Lives of a gateway in the order in which they were first heard of, whatever the database's clock says meanwhile.
-- Rows are only ever added, so those that there are get their numbers in their order.
ALTER TABLE quota_gateway_life ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;
