-- Which wall stands around model workers of a node; the column sandbox says it in words.

-- Null for nodes of former versions, which do not say.
ALTER TABLE node
    ADD COLUMN wall text CHECK (wall IN ('NONE', 'LANDLOCK', 'BUBBLEWRAP'));
