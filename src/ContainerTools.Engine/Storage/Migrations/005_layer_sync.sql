-- A layer whose files may still be in the page cache only carries the boot id of the machine; NULL once they are on the disk.
ALTER TABLE layers ADD COLUMN unsynced_boot TEXT;
