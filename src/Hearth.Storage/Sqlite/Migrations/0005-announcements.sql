-- Announcements that were refused and have not been mended, as many as a home remembers.
CREATE TABLE refused_announcements (
    home INTEGER NOT NULL,
    topic TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (home, topic)
) STRICT, WITHOUT ROWID;

CREATE INDEX entities_by_device ON entities (home, device);

PRAGMA user_version = 5;
