-- How far retention has come with the rows of one class: up to here none is left to take.
CREATE TABLE thinning (
    home INTEGER NOT NULL,
    class INTEGER NOT NULL,
    up_to INTEGER NOT NULL,
    PRIMARY KEY (home, class)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 3;
