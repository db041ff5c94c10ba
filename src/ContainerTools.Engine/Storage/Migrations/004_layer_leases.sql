-- Layers that an operation in flight relies on before any image refers to them. A lease counts while its work directory is locked.
CREATE TABLE layer_leases (
    diff_id TEXT NOT NULL REFERENCES layers(diff_id) ON DELETE CASCADE,
    work_id TEXT NOT NULL,
    PRIMARY KEY (diff_id, work_id)
) STRICT;
CREATE INDEX layer_leases_by_work ON layer_leases(work_id);
