-- What the relay must not forget of a store whose hub was in recovery, is a copy, or was replaced (UPLINK.md section 8).
CREATE TABLE store_rescue (
  store_id        TEXT PRIMARY KEY,
  promised        INTEGER NOT NULL DEFAULT 0,  -- the highest new epoch that a hub in recovery may have begun
  hub_id          TEXT NOT NULL DEFAULT '',    -- the run that was told last where the store stands
  boot            TEXT NOT NULL DEFAULT '',
  above           INTEGER NOT NULL DEFAULT 0,  -- its new epoch is to be; from a higher epoch of the store on it is of no use
  permit_code     BLOB NOT NULL CHECK (length(permit_code) = 32),  -- SHA-256 of the code that HQ was shown
  permitted_by    TEXT NOT NULL DEFAULT '',    -- '': there is no permit
  permitted_until INTEGER NOT NULL DEFAULT 0,
  permit_epoch    INTEGER NOT NULL DEFAULT 0,  -- the store's, when it was given
  wrong_codes     INTEGER NOT NULL DEFAULT 0,
  permitted_hub   TEXT NOT NULL DEFAULT '',    -- who has used it
  suspect_hub     TEXT NOT NULL DEFAULT '',    -- the copy because of which the store was frozen
  denied_hub      TEXT NOT NULL DEFAULT ''     -- a copy of which a person has decided that it is one
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 6;
