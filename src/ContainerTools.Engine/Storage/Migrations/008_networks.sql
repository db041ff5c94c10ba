CREATE TABLE networks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL           -- Unix milliseconds
) STRICT;

CREATE TABLE network_subnets (
    network_id TEXT NOT NULL REFERENCES networks(id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    subnet TEXT NOT NULL UNIQUE,       -- address/prefix length
    gateway TEXT NOT NULL,
    address_range TEXT NOT NULL,       -- address/prefix length
    reserved TEXT NOT NULL,            -- addresses, with spaces between
    last_address TEXT,                 -- the one given out last: the next is looked for behind it
    PRIMARY KEY (network_id, position)
) STRICT;

-- A container keeps its addresses from the time it is connected until it is disconnected or removed, running or not.
CREATE TABLE network_endpoints (
    network_id TEXT NOT NULL REFERENCES networks(id),
    container_id TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE,
    mac TEXT NOT NULL,
    PRIMARY KEY (network_id, container_id)
) STRICT;
CREATE INDEX network_endpoints_by_container ON network_endpoints(container_id);

CREATE TABLE network_addresses (
    network_id TEXT NOT NULL,
    address TEXT NOT NULL,
    container_id TEXT NOT NULL,
    PRIMARY KEY (network_id, address),
    FOREIGN KEY (network_id, container_id) REFERENCES network_endpoints(network_id, container_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX network_addresses_by_endpoint ON network_addresses(network_id, container_id);

CREATE TABLE store_settings (
    name TEXT PRIMARY KEY,             -- ipv6_prefix: the unique local prefix of this store's networks
    value TEXT NOT NULL
) STRICT;
