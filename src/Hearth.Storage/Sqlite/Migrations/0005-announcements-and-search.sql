-- Announcements that were refused and have not been mended, as many as a home remembers.
CREATE TABLE refused_announcements (
    home INTEGER NOT NULL,
    topic TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    PRIMARY KEY (home, topic)
) STRICT, WITHOUT ROWID;

CREATE INDEX entities_by_device ON entities (home, device);

-- What rows are found by: term is a hash of a kind and a value, block the last sequence of the rows
-- that say it, divided by 64. Written after the rows, in bulk; up to homes.searchable every row has
-- its lines.
CREATE TABLE search (
    home INTEGER NOT NULL,
    term INTEGER NOT NULL,
    block INTEGER NOT NULL,
    PRIMARY KEY (home, term, block)
) STRICT, WITHOUT ROWID;

ALTER TABLE homes ADD COLUMN searchable INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 5;
