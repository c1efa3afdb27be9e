-- What a person wrote, comments and all, where that was not JSON.
ALTER TABLE automations ADD COLUMN source TEXT;

PRAGMA user_version = 6;
