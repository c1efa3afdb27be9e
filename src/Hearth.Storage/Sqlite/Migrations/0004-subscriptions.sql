-- Who wants to be notified; moves with the log.
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

-- How far each has come, and what stands in its way; written lazily, never part of the log.
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

-- What is written and never read back over the API. One that was replaced goes on signing until
-- its time is over.
CREATE TABLE subscription_secrets (
    home INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    ref TEXT NOT NULL,
    value TEXT NOT NULL,
    until INTEGER,
    PRIMARY KEY (home, subscription, ref)
) STRICT, WITHOUT ROWID;

-- The newest attempts of each subscription.
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

-- What was given up, whole, because the log may not hold it any more. Without a body: a gap, whose
-- events retention had taken before they could be delivered.
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

PRAGMA user_version = 4;
