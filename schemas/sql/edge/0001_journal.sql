-- The store file of a hub. Rules: faults.md section 5. A migration never changes once released; the next change is 0002.
CREATE TABLE meta (
  name  TEXT PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 64),
  value TEXT NOT NULL CHECK (length(value) <= 1024)
) STRICT, WITHOUT ROWID;

-- The journal: gap-free, each event chained by its hash to the one before it.
CREATE TABLE events (
  seq   INTEGER PRIMARY KEY CHECK (seq >= 1),
  epoch INTEGER NOT NULL CHECK (epoch BETWEEN 1 AND 4294967295),
  hash  BLOB NOT NULL CHECK (length(hash) = 32),
  data  TEXT NOT NULL CHECK (length(data) >= 2)
) STRICT;

CREATE TRIGGER events_never_change BEFORE UPDATE ON events
BEGIN
  SELECT RAISE(ABORT, 'an event never changes');
END;

-- Only events up to events_let_go (what the cloud has acknowledged and retention gives up) may be deleted.
CREATE TRIGGER events_stay BEFORE DELETE ON events
WHEN OLD.seq > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'events_let_go'), 0)
BEGIN
  SELECT RAISE(ABORT, 'an event is kept until retention lets it go');
END;

-- Answers to commands, so that the same command id gets the same bytes again.
CREATE TABLE answers (
  place INTEGER PRIMARY KEY,
  key   INTEGER NOT NULL,
  id    TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
  body  BLOB NOT NULL CHECK (length(body) = 32),
  at    INTEGER NOT NULL,
  reply TEXT NOT NULL
) STRICT;

-- Keys are hashes: one index over all of them would dirty a page for every answer. In parts of 2048 answers, a group of
-- commands touches a few pages, and a search looks into each part.
CREATE INDEX answers_by_key ON answers (place / 2048, key);

CREATE TRIGGER answers_never_change BEFORE UPDATE ON answers
BEGIN
  SELECT RAISE(ABORT, 'an answer never changes');
END;

-- The newest two images of the ledger; a shortcut for start-up, never the only copy of anything.
CREATE TABLE snapshots (
  seq    INTEGER PRIMARY KEY CHECK (seq >= 0),
  epoch  INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
  hash   BLOB NOT NULL CHECK (length(hash) = 32),
  state  BLOB NOT NULL CHECK (length(state) = 32),
  ledger BLOB NOT NULL
) STRICT;

-- "LRDR", so that another application's database is never taken for a store.
PRAGMA application_id = 1280459858;
PRAGMA user_version = 1;
