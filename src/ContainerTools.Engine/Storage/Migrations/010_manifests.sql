-- Manifests of images, indexes, and artifacts (attestations are artifacts), exact to the byte.
CREATE TABLE manifests (
    digest TEXT PRIMARY KEY,
    kind TEXT NOT NULL,                -- image, index, artifact
    media_type TEXT NOT NULL,
    content BLOB NOT NULL,
    image_id TEXT REFERENCES images(id) ON DELETE CASCADE,   -- of an image's manifest: one image may have several, as its layers may be compressed in several ways
    subject TEXT,                      -- digest of the manifest that an artifact is about
    created INTEGER NOT NULL           -- Unix milliseconds
) STRICT;
CREATE INDEX manifests_by_image ON manifests(image_id);
CREATE INDEX manifests_by_subject ON manifests(subject);

INSERT INTO manifests (digest, kind, media_type, content, image_id, created)
SELECT manifest_digest, 'image', COALESCE(json_extract(manifest, '$.mediaType'), 'application/vnd.oci.image.manifest.v1+json'), CAST(manifest AS BLOB), id, created FROM images WHERE true
ON CONFLICT (digest) DO NOTHING;
ALTER TABLE images DROP COLUMN manifest;

-- Blobs that are kept for the sake of a manifest: an artifact's, and those of an image whose layer is there in another form.
CREATE TABLE manifest_blobs (
    manifest_digest TEXT NOT NULL REFERENCES manifests(digest) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (manifest_digest, digest)
) STRICT;
CREATE INDEX manifest_blobs_by_digest ON manifest_blobs(digest);

-- What an index names; not all of it need be here.
CREATE TABLE index_entries (
    index_digest TEXT NOT NULL REFERENCES manifests(digest) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    manifest_digest TEXT NOT NULL,
    PRIMARY KEY (index_digest, position)
) STRICT;
CREATE INDEX index_entries_by_manifest ON index_entries(manifest_digest);

CREATE TABLE names (
    tag TEXT PRIMARY KEY,              -- canonical: docker.io/library/name:tag, or …@sha256:… of what was pulled by digest
    image_id TEXT REFERENCES images(id) ON DELETE CASCADE,   -- what containers are made of; NULL when the index or artifact has no image here
    manifest_digest TEXT REFERENCES manifests(digest),       -- the index or artifact that the name stands for; NULL when it is the image itself
    CHECK (image_id IS NOT NULL OR manifest_digest IS NOT NULL)
) STRICT;
INSERT INTO names (tag, image_id) SELECT tag, image_id FROM tags;
DROP TABLE tags;
ALTER TABLE names RENAME TO tags;
CREATE INDEX tags_by_image ON tags(image_id);
CREATE INDEX tags_by_manifest ON tags(manifest_digest);

-- Where images were pulled from or pushed to: their repository digests, and where a registry may mount their layers from.
CREATE TABLE image_sources (
    repository TEXT NOT NULL,          -- registry/repository
    digest TEXT NOT NULL,              -- of the manifest or index there
    image_id TEXT NOT NULL REFERENCES images(id) ON DELETE CASCADE,
    PRIMARY KEY (repository, digest, image_id)
) STRICT;
CREATE INDEX image_sources_by_image ON image_sources(image_id);

-- Digests that compressing a layer gave: a registry that has the blob already need not wait for it to be compressed again.
CREATE TABLE layer_blobs (
    diff_id TEXT NOT NULL REFERENCES layers(diff_id) ON DELETE CASCADE,
    compression TEXT NOT NULL,         -- gzip, zstd
    level INTEGER NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (diff_id, compression, level)
) STRICT;
