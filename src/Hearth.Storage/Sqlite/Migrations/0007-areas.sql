-- What people say of devices, over what those announced: name, area and labels, as JSON.
ALTER TABLE devices ADD COLUMN arranged TEXT NOT NULL DEFAULT '{}';

-- What people say of areas: the data of their last hearth.area.saved, as JSON.
CREATE TABLE areas (
    home INTEGER NOT NULL,
    area TEXT NOT NULL,
    definition TEXT NOT NULL,
    PRIMARY KEY (home, area)
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 7;
