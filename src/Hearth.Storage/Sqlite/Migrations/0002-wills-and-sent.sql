-- The wills of MQTT clients, one for each connection. due_at: null while the client is connected,
-- or was when the hub went down.
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

-- MQTT QoS 2 messages to clients, by which one came under which id. state: 0 sent, 1 received,
-- 2 done; what is done stays until the session's cursor has passed it.
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

PRAGMA user_version = 2;
