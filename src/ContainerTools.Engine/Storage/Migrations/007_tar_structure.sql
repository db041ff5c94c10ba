-- 1: the layer's tar is kept as its structure, the contents of its files being in the tree.
ALTER TABLE layers ADD COLUMN has_structure INTEGER NOT NULL DEFAULT 0;
