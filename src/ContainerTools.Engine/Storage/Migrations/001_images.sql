-- Layers are unpacked directories named by diff id; blobs are files named by digest.
CREATE TABLE layers (
    diff_id TEXT PRIMARY KEY,
    size INTEGER NOT NULL,             -- bytes of the unpacked tree
    blob_digest TEXT,                  -- the compressed or plain tar it came from; NULL when the tar is made again from the tree
    blob_size INTEGER,
    media_type TEXT,
    created INTEGER NOT NULL           -- Unix milliseconds
) STRICT;

CREATE TABLE images (
    id TEXT PRIMARY KEY,               -- digest of the configuration
    manifest_digest TEXT NOT NULL,
    created INTEGER NOT NULL,          -- Unix milliseconds, from the configuration
    architecture TEXT NOT NULL,
    config TEXT NOT NULL,              -- the configuration's exact JSON
    manifest TEXT NOT NULL             -- the manifest's exact JSON
) STRICT;

CREATE TABLE image_layers (
    image_id TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    diff_id TEXT NOT NULL REFERENCES layers(diff_id),
    PRIMARY KEY (image_id, position)
) STRICT;
CREATE INDEX image_layers_by_layer ON image_layers(diff_id);

CREATE TABLE tags (
    tag TEXT PRIMARY KEY,              -- canonical: docker.io/library/name:tag
    image_id TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE
) STRICT;
CREATE INDEX tags_by_image ON tags(image_id);
