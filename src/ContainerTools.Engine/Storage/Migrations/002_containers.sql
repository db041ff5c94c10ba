CREATE TABLE containers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    image_id TEXT NOT NULL REFERENCES images(id),
    created INTEGER NOT NULL,          -- Unix milliseconds
    spec TEXT NOT NULL,                -- ContainerSpec as JSON
    owner_pid INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX containers_by_image ON containers(image_id);
