-- Energy and carbon of calls, as their nodes estimate them. See docs/adr/0014-energy.md.

-- Null where nothing is known, so the hashes of rows that were stated before stay what they are.
ALTER TABLE usage_record
    ADD COLUMN energy_microjoules bigint,
    ADD COLUMN carbon_nanograms bigint,
    ADD COLUMN energy_method text,
    ADD CONSTRAINT usage_record_energy_check CHECK (
        CASE WHEN energy_microjoules IS NULL THEN num_nonnulls(carbon_nanograms, energy_method) = 0
             ELSE energy_microjoules > 0 AND coalesce(carbon_nanograms, 0) >= 0
                  AND coalesce(energy_method, '') IN ('MODELLED', 'MEASURED') END) NOT VALID;

ALTER TABLE node_usage
    ADD COLUMN energy_microjoules bigint,
    ADD COLUMN carbon_nanograms bigint,
    ADD COLUMN energy_method text;

-- Sums of the calls that have a figure, and how many those are.
ALTER TABLE usage_hourly
    ADD COLUMN energy_calls bigint NOT NULL DEFAULT 0,
    ADD COLUMN energy_measured_calls bigint NOT NULL DEFAULT 0,
    ADD COLUMN energy_microjoules bigint NOT NULL DEFAULT 0,
    ADD COLUMN carbon_calls bigint NOT NULL DEFAULT 0,
    ADD COLUMN carbon_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN carbon_nanograms bigint NOT NULL DEFAULT 0;
