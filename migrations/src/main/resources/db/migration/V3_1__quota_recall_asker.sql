-- A recall is for everybody but the gateway whose call waits.
ALTER TABLE quota_recall ADD COLUMN asked_by uuid NOT NULL;
