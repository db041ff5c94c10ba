-- One row for each executed build step: the hash of everything that determines its result, and that result.
CREATE TABLE build_cache (
    key TEXT PRIMARY KEY,
    diff_id TEXT REFERENCES layers(diff_id),   -- NULL when the step made no layer
    created INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT;
CREATE INDEX build_cache_by_layer ON build_cache(diff_id);
