-- Predictions of pictures and of speech are operations of their own, so that reports can tell them apart. Rows that
-- there are keep theirs: nothing in the ledger is edited. See docs/adr/0028-operations-of-predictions.md.

ALTER TABLE usage_record DROP CONSTRAINT usage_record_operation_check;
ALTER TABLE usage_record ADD CONSTRAINT usage_record_operation_check CHECK (
    operation IN ('EMBEDDINGS', 'CHAT', 'INFER', 'PREDICT', 'IMAGE_CLASSIFICATION', 'TRANSCRIPTION')) NOT VALID;
