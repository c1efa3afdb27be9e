-- What rows are found by: term is a hash of a kind and a value, last the row's last sequence.
-- Written after the rows, in bulk; up to homes.searchable every row has its lines.
CREATE TABLE search (
    home INTEGER NOT NULL,
    term INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (home, term, last)
) STRICT, WITHOUT ROWID;

ALTER TABLE homes ADD COLUMN searchable INTEGER NOT NULL DEFAULT 0;

PRAGMA user_version = 6;
