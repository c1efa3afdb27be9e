CREATE TABLE [SchemaVersions] (
    SchemaVersionID INTEGER CONSTRAINT [PK_SchemaVersions_Id] PRIMARY KEY AUTOINCREMENT NOT NULL,
    ScriptName TEXT NOT NULL,
    Applied DATETIME NOT NULL
);
INSERT INTO SchemaVersions VALUES (1, 'Hearth.Storage.Sqlite.Migrations.0001-log.sql', '2026-11-29 23:29:43.128468');
INSERT INTO SchemaVersions VALUES (2, 'Hearth.Storage.Sqlite.Migrations.0002-wills-and-sent.sql', '2026-11-29 23:29:43.1400988');
INSERT INTO SchemaVersions VALUES (3, 'Hearth.Storage.Sqlite.Migrations.0003-thinning.sql', '2026-11-29 23:29:43.1420169');
INSERT INTO SchemaVersions VALUES (4, 'Hearth.Storage.Sqlite.Migrations.0004-subscriptions.sql', '2026-11-29 23:29:43.1439967');
INSERT INTO SchemaVersions VALUES (5, 'Hearth.Storage.Sqlite.Migrations.0005-announcements-and-search.sql', '2026-11-29 23:29:43.1468827');
INSERT INTO SchemaVersions VALUES (6, 'Hearth.Storage.Sqlite.Migrations.0006-automations.sql', '2026-11-29 23:29:43.1504361');
INSERT INTO SchemaVersions VALUES (7, 'Hearth.Storage.Sqlite.Migrations.0007-areas.sql', '2026-11-29 23:29:43.1525917');
CREATE TABLE homes (
    no INTEGER PRIMARY KEY AUTOINCREMENT,
    home TEXT NOT NULL UNIQUE,
    last INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    thinned INTEGER NOT NULL DEFAULT 0,
    wakeup INTEGER
, searchable INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO homes VALUES (1, 'home', 11, 1, 0, NULL, 0);
CREATE TABLE log (
    key INTEGER PRIMARY KEY,
    count INTEGER NOT NULL,
    class INTEGER NOT NULL,
    time INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    events TEXT NOT NULL
) STRICT;
INSERT INTO log VALUES (17592186044417, 1, 3, 17955936000010000, 6868583424515078948, '{"v":1,"e":[{"t":".device.registered","d":{"device_id":"desk","device":{"identifiers":["desk"]},"entities":[{"entity_id":"sensor.desk_power","config":{"component":"sensor","discovery_id":"desk","options":{}}}]}}]}');
INSERT INTO log VALUES (17592186044418, 1, 0, 17955936000020000, -1705520024470306324, '{"v":1,"e":[{"t":".m","d":{"o":"status","x":"online","q":1,"r":true,"c":"desk"}}]}');
INSERT INTO log VALUES (17592186044419, 1, 2, 17955936000030000, 2427993165641133048, '{"v":1,"e":[{"t":"org.example.x","i":"subject-1","s":"/programs/test","d":{"subject":"subject","data":1}}]}');
INSERT INTO log VALUES (17592186044421, 2, 1, 17955936000040000, 4754697714734035116, '{"v":1,"e":[{"t":".m","d":{"o":"zigbee2mqtt/desk","j":{"power":1.5},"q":1,"c":"z2m"}},{"t":".s","w":"2026-11-25T08:00:00.005Z","d":{"e":"sensor.desk_power","f":{"s":"0.5"},"t":{"s":"1.5"}}}]}');
INSERT INTO log VALUES (17592186044423, 2, 1, 17955936000060000, -8597972669321226693, '{"v":1,"e":[{"t":".m","d":{"o":"zigbee2mqtt/desk","j":{"power":2.5},"q":1,"c":"z2m"}},{"t":".s","w":"2026-11-25T08:00:00.007Z","d":{"e":"sensor.desk_power","f":{"s":"1.5"},"t":{"s":"2.5"}}}]}');
INSERT INTO log VALUES (17592186044425, 2, 1, 17955936000080000, 7043499345596234066, '{"v":1,"e":[{"t":".m","d":{"o":"zigbee2mqtt/desk","j":{"power":3.5},"q":1,"c":"z2m"}},{"t":".s","w":"2026-11-25T08:00:00.009Z","d":{"e":"sensor.desk_power","f":{"s":"2.5"},"t":{"s":"3.5"}}}]}');
INSERT INTO log VALUES (17592186044427, 2, 1, 17955936000100000, -169950380979453782, '{"v":1,"e":[{"t":".m","d":{"o":"zigbee2mqtt/desk","j":{"power":4.5},"q":1,"c":"z2m"}},{"t":".s","w":"2026-11-25T08:00:00.011Z","d":{"e":"sensor.desk_power","f":{"s":"3.5"},"t":{"s":"4.5"}}}]}');
CREATE TABLE snapshots (
    home INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    version INTEGER NOT NULL,
    time INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (home, sequence)
) STRICT, WITHOUT ROWID;
INSERT INTO snapshots VALUES (1, 7, 1, 17955936000000000, 7219422816491478529);
INSERT INTO snapshots VALUES (1, 9, 1, 17955936000000000, 4035532402890672609);
CREATE TABLE snapshot_parts (
    home INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (home, sequence, part)
) STRICT;
INSERT INTO snapshot_parts VALUES (1, 7, 0, X'73746174652061742037');
INSERT INTO snapshot_parts VALUES (1, 9, 0, X'73746174652061742039');
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
    changed INTEGER NOT NULL, arranged TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (home, device)
) STRICT, WITHOUT ROWID;
INSERT INTO devices VALUES (1, 'desk', '{"identifiers":["desk"]}', 'active', '', 17955936000010000, 'unknown', 'healthy', 'none', '', 1, 1, '{}');
CREATE TABLE entities (
    home INTEGER NOT NULL,
    entity TEXT NOT NULL,
    device TEXT NOT NULL,
    component TEXT NOT NULL,
    discovery_id TEXT NOT NULL,
    options TEXT NOT NULL,
    PRIMARY KEY (home, entity)
) STRICT, WITHOUT ROWID;
INSERT INTO entities VALUES (1, 'sensor.desk_power', 'desk', 'sensor', 'desk', '{}');
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
INSERT INTO entity_states VALUES (1, 'sensor.desk_power', '4.5', NULL, 1, 17955936000110000, 11, NULL, NULL);
CREATE TABLE automations (
    home INTEGER NOT NULL,
    automation TEXT NOT NULL,
    definition TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    last_triggered INTEGER,
    changed INTEGER NOT NULL, source TEXT, health TEXT NOT NULL DEFAULT 'healthy', health_detail TEXT NOT NULL DEFAULT 'none', health_reason TEXT NOT NULL DEFAULT '',
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
INSERT INTO retained VALUES (1, 'status', X'6F6E6C696E65', 1, NULL, 'desk', 17955936000020000, 2);
CREATE TABLE published (
    home INTEGER NOT NULL,
    day INTEGER NOT NULL,
    key BLOB NOT NULL,
    sequence INTEGER NOT NULL,
    PRIMARY KEY (home, day, key)
) STRICT, WITHOUT ROWID;
INSERT INTO published VALUES (1, 20782, X'2008641265F4DECFFF701BE316D82321', 3);
CREATE TABLE received (
    home INTEGER NOT NULL,
    client TEXT NOT NULL,
    packet INTEGER NOT NULL,
    PRIMARY KEY (home, client, packet)
) STRICT, WITHOUT ROWID;
INSERT INTO received VALUES (1, 'desk', 7);
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
INSERT INTO sessions VALUES (1, 'desk', 1, 3, '[]', 60, NULL);
CREATE TABLE wills (
    home INTEGER NOT NULL,
    client TEXT NOT NULL,
    connection INTEGER NOT NULL,
    topic TEXT NOT NULL,
    payload BLOB NOT NULL,
    qos INTEGER NOT NULL,
    retain INTEGER NOT NULL,
    properties TEXT,
    delay_seconds INTEGER NOT NULL,
    grace_seconds INTEGER NOT NULL,
    address TEXT,
    due_at INTEGER,
    PRIMARY KEY (home, client, connection)
) STRICT, WITHOUT ROWID;
CREATE TABLE sent (
    home INTEGER NOT NULL,
    client TEXT NOT NULL,
    retained INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    packet INTEGER NOT NULL,
    state INTEGER NOT NULL,
    retain INTEGER NOT NULL,
    topic TEXT,
    subscriptions TEXT NOT NULL,
    PRIMARY KEY (home, client, retained, sequence, packet)
) STRICT, WITHOUT ROWID;
CREATE TABLE thinning (
    home INTEGER NOT NULL,
    class INTEGER NOT NULL,
    up_to INTEGER NOT NULL,
    PRIMARY KEY (home, class)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscriptions (
    home INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    definition TEXT NOT NULL,
    secret TEXT NOT NULL,
    credential TEXT,
    credential_type TEXT,
    owner TEXT NOT NULL,
    paused_for TEXT,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (home, subscription)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscription_progress (
    home INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    epoch INTEGER NOT NULL,
    cursor INTEGER NOT NULL,
    agreement TEXT,
    agreement_detail TEXT,
    agreed_sink TEXT,
    agreed_rate INTEGER,
    failing_since INTEGER,
    failures INTEGER NOT NULL,
    next_attempt INTEGER,
    last_problem TEXT,
    PRIMARY KEY (home, subscription)
) STRICT, WITHOUT ROWID;
CREATE TABLE subscription_secrets (
    home INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    ref TEXT NOT NULL,
    value TEXT NOT NULL,
    until INTEGER,
    PRIMARY KEY (home, subscription, ref)
) STRICT, WITHOUT ROWID;
CREATE TABLE deliveries (
    home INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    no INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    event TEXT NOT NULL,
    type TEXT NOT NULL,
    at INTEGER NOT NULL,
    milliseconds INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER,
    detail TEXT NOT NULL,
    PRIMARY KEY (home, subscription, no)
) STRICT, WITHOUT ROWID;
CREATE TABLE dead_letters (
    home INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    no INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    event TEXT,
    type TEXT,
    at INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    detail TEXT NOT NULL,
    replay INTEGER NOT NULL,
    body TEXT,
    PRIMARY KEY (home, subscription, no)
) STRICT;
CREATE TABLE refused_announcements (
    home INTEGER NOT NULL,
    topic TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (home, topic)
) STRICT, WITHOUT ROWID;
CREATE TABLE search (
    home INTEGER NOT NULL,
    term INTEGER NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (home, term, block)
) STRICT, WITHOUT ROWID;
CREATE TABLE areas (
    home INTEGER NOT NULL,
    area TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (home, area)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX entities_by_device ON entities (home, device);
PRAGMA user_version = 7;
