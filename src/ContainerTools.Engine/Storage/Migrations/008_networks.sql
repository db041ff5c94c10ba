CREATE TABLE networks (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,          -- Unix milliseconds
    spec TEXT NOT NULL                 -- NetworkSpec in JSON
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
    attachment TEXT NOT NULL,          -- NetworkAttachment in JSON
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

-- Ports of the host that containers have taken. A row may outlive its container's run: whoever wants the port asks whether the container still runs.
CREATE TABLE published_ports (
    container_id TEXT NOT NULL REFERENCES containers(id) ON DELETE CASCADE,
    protocol TEXT NOT NULL,            -- tcp, udp, sctp
    address TEXT NOT NULL,             -- of the host; 0.0.0.0 and :: are all of that family
    port INTEGER NOT NULL,             -- the first of a range
    count INTEGER NOT NULL,
    container_port INTEGER NOT NULL
) STRICT;
CREATE INDEX published_ports_by_port ON published_ports(protocol, port);
CREATE INDEX published_ports_by_container ON published_ports(container_id);

CREATE TABLE network_policies (
    name TEXT PRIMARY KEY,
    spec TEXT NOT NULL                 -- NetworkPolicy in JSON
) STRICT;

CREATE TABLE store_settings (
    name TEXT PRIMARY KEY,             -- ipv6_prefix: the unique local prefix of this store's networks; else a setting of the engine
    value TEXT NOT NULL
) STRICT;
