-- The homes of this installation. A home's number never changes and is never given twice.
-- thinned: retention may have taken rows up to this sequence; above it every row is there.
CREATE TABLE homes (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    home TEXT NOT NULL UNIQUE,
    last INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    thinned INTEGER NOT NULL DEFAULT 0,
    wakeup INTEGER
) STRICT;

-- One row is one decided input with everything it caused; key = home's number * 2^44 + last.
-- The table needs no index: rows of a home lie together, in order, and the newest go to the end.
CREATE TABLE log (
    key INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    class INTEGER NOT NULL,
    time INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    events TEXT NOT NULL
) STRICT;

-- The log as people want to see it.
CREATE VIEW log_rows AS
SELECT
    homes.home AS home,
    (log.key & 17592186044415) - log.count + 1 AS first,
    log.key & 17592186044415 AS last,
    CASE log.class
        WHEN 0 THEN 'message' WHEN 1 THEN 'state' WHEN 2 THEN 'domain' ELSE 'audit'
    END AS class,
    strftime('%Y-%m-%dT%H:%M:%fZ', log.time / 10000000.0, 'unixepoch') AS time,
    log.events AS events
FROM log JOIN homes ON homes.no = log.key >> 44;

CREATE TABLE snapshots (
    home INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    time INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (home, sequence)
) STRICT, WITHOUT ROWID;

-- A snapshot's bytes, in parts that are committed one by one; the row above comes last.
CREATE TABLE snapshot_parts (
    home INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (home, sequence, part)
) STRICT;

CREATE TABLE devices (
    home INTEGER NOT NULL,
    device TEXT NOT NULL,
    description TEXT NOT NULL,
    state TEXT NOT NULL,
    state_reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    connectivity TEXT NOT NULL,
    health TEXT NOT NULL,
    health_detail TEXT NOT NULL,
    health_reason TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (home, device)
) STRICT, WITHOUT ROWID;

-- What an entity was announced with is large and rarely changes; what it reports is small and
-- always does. Apart, a report rewrites few pages.
CREATE TABLE entities (
    home INTEGER NOT NULL,
    entity TEXT NOT NULL,
    device TEXT NOT NULL,
    component TEXT NOT NULL,
    discovery_id TEXT NOT NULL,
    options TEXT NOT NULL,
    PRIMARY KEY (home, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE entity_states (
    home INTEGER NOT NULL,
    entity TEXT NOT NULL,
    state TEXT NOT NULL,
    attributes TEXT,
    available INTEGER NOT NULL,
    last_changed INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    desired TEXT,
    desired_by INTEGER,
    PRIMARY KEY (home, entity)
) STRICT, WITHOUT ROWID;

CREATE TABLE automations (
    home INTEGER NOT NULL,
    automation TEXT NOT NULL,
    definition TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    last_triggered INTEGER,
    changed INTEGER NOT NULL,
    PRIMARY KEY (home, automation)
) STRICT, WITHOUT ROWID;

CREATE TABLE retained (
    home INTEGER NOT NULL,
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    qos INTEGER NOT NULL,
    properties TEXT,
    client TEXT NOT NULL,
    time INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (home, topic)
) STRICT, WITHOUT ROWID;

-- Which events programs published in the last seven days. key: the first 16 bytes of SHA-256 over
-- principal, source and id. By day, so that what expired lies together at the front.
CREATE TABLE published (
    home INTEGER NOT NULL,
    day INTEGER NOT NULL,
    key BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (home, day, key)
) STRICT, WITHOUT ROWID;

-- MQTT QoS 2 publishes that were taken and are not released yet.
CREATE TABLE received (
    home INTEGER NOT NULL,
    client TEXT NOT NULL,
    packet INTEGER NOT NULL,
    PRIMARY KEY (home, client, packet)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    home INTEGER NOT NULL,
    client TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    subscriptions TEXT NOT NULL,
    expiry_seconds INTEGER NOT NULL,
    disconnected_at INTEGER,
    PRIMARY KEY (home, client)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
