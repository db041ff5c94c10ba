CREATE TABLE registries (
    name TEXT PRIMARY KEY,             -- host, with port if any
    spec TEXT NOT NULL                 -- RegistrySettings in JSON
) STRICT;

-- Registries whose login a PowerShell vault keeps. Who is logged in stands here, the secret does not.
CREATE TABLE registry_vaults (
    registry TEXT PRIMARY KEY,         -- host, with port if any
    vault TEXT NOT NULL,
    user_name TEXT NOT NULL
) STRICT;
