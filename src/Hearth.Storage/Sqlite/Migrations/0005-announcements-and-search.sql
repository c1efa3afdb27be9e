-- Announcements that were refused and have not been mended, as many as a home remembers.
CREATE TABLE refused_announcements (
    home INTEGER NOT NULL,
    topic TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (home, topic)
) STRICT, WITHOUT ROWID;

CREATE INDEX entities_by_device ON entities (home, device);

-- What rows are found by: term is a hash of a kind and a value, last the row's last sequence.
-- Written after the rows, in bulk; up to homes.searchable every row has its lines.
CREATE TABLE search (
    home INTEGER NOT NULL,
    term INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (home, term, last)
) STRICT, WITHOUT ROWID;

ALTER TABLE homes ADD COLUMN searchable INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 5;
