-- How nodes compute a deployment's calls; what is not in it is as the node's own settings say.
ALTER TABLE deployment ADD COLUMN execution jsonb NOT NULL DEFAULT '{}';

-- On what a node can compute. Nodes of former versions do not say; every node has a CPU.
ALTER TABLE node ADD COLUMN devices text[] NOT NULL DEFAULT '{CPU}';
