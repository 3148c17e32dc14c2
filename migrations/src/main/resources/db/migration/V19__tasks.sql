-- Tasks above tensors: what a model does with a natural input, and how its versions turn that into tensors.

ALTER TABLE model DROP CONSTRAINT model_task_check;
ALTER TABLE model ADD CONSTRAINT model_task_check CHECK (
    task IN ('TEXT_EMBEDDING', 'TEXT_GENERATION', 'TENSORS', 'TEXT_CLASSIFICATION', 'IMAGE_CLASSIFICATION', 'TABULAR'));

-- The first deployment fixes the settings for good. Whether older versions were ever deployed is not known.
ALTER TABLE model_version ADD COLUMN deployed_at timestamptz DEFAULT now();
ALTER TABLE model_version ALTER COLUMN deployed_at DROP DEFAULT;

ALTER TABLE usage_record DROP CONSTRAINT usage_record_operation_check;
ALTER TABLE usage_record ADD CONSTRAINT usage_record_operation_check CHECK (
    operation IN ('EMBEDDINGS', 'CHAT', 'INFER', 'PREDICT')) NOT VALID;
