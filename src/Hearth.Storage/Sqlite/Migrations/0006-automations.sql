-- What a person wrote, comments and all, where that was not JSON.
ALTER TABLE automations ADD COLUMN source TEXT;

-- How automations fare, as their last hearth.automation.health_changed said.
ALTER TABLE automations ADD COLUMN health TEXT NOT NULL DEFAULT 'healthy';
ALTER TABLE automations ADD COLUMN health_detail TEXT NOT NULL DEFAULT 'none';
ALTER TABLE automations ADD COLUMN health_reason TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 6;
