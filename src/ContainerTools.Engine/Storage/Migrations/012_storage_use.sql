-- When an image was last of use: when it came, when it was given a name, when a build began with it, when a container was made of it or the last one went.
ALTER TABLE images ADD COLUMN used INTEGER NOT NULL DEFAULT 0;   -- Unix milliseconds
UPDATE images SET used = unixepoch() * 1000;

CREATE TRIGGER images_come AFTER INSERT ON images BEGIN
    UPDATE images SET used = unixepoch() * 1000 WHERE id = NEW.id;
END;
CREATE TRIGGER images_are_named AFTER INSERT ON tags WHEN NEW.image_id IS NOT NULL BEGIN
    UPDATE images SET used = unixepoch() * 1000 WHERE id = NEW.image_id;
END;
CREATE TRIGGER images_are_renamed AFTER UPDATE ON tags WHEN NEW.image_id IS NOT NULL BEGIN
    UPDATE images SET used = unixepoch() * 1000 WHERE id = NEW.image_id;
END;
CREATE TRIGGER images_get_containers AFTER INSERT ON containers BEGIN
    UPDATE images SET used = unixepoch() * 1000 WHERE id = NEW.image_id;
END;
CREATE TRIGGER images_lose_containers AFTER DELETE ON containers BEGIN
    UPDATE images SET used = unixepoch() * 1000 WHERE id = OLD.image_id;
END;

-- What cache mounts are called, which their directories do not tell, and when a step last had them.
CREATE TABLE cache_mounts (
    hash TEXT PRIMARY KEY,             -- name of the directory
    id TEXT NOT NULL,                  -- the id that the Dockerfile gives, or the target
    used INTEGER NOT NULL              -- Unix milliseconds
) STRICT;
