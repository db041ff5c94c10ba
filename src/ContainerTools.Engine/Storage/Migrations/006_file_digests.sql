-- Content digests of files in build contexts, valid while everything that the kernel changes with the content is the same.
CREATE TABLE file_digests (
    device INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    size INTEGER NOT NULL,
    modified INTEGER NOT NULL,         -- nanoseconds since 1970
    changed INTEGER NOT NULL,          -- nanoseconds since 1970
    digest TEXT NOT NULL,
    used INTEGER NOT NULL,             -- Unix milliseconds
    PRIMARY KEY (device, inode)
) STRICT, WITHOUT ROWID;
