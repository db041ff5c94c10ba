-- Addresses of RUN steps of builds, which are no containers. A step gives its own back; those of a build that was cut off go with its work directory.
CREATE TABLE network_leases (
    network_id TEXT NOT NULL REFERENCES networks(id),
    address TEXT NOT NULL,
    step_id TEXT NOT NULL,
    work_id TEXT NOT NULL,
    PRIMARY KEY (network_id, address)
) STRICT;
CREATE INDEX network_leases_by_step ON network_leases(step_id);
CREATE INDEX network_leases_by_work ON network_leases(work_id);
