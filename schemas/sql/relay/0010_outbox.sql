-- The outbox as in 0001, but for what each new row cost: its status is said with OR (as in 0009), and its id is the next after the newest
-- row, which therefore stays when those before it are trimmed, in place of a count kept in a table of SQLite's own.
ALTER TABLE outbox RENAME TO outbox_before;
DROP INDEX outbox_waiting;
DROP INDEX outbox_waiting_of;
DROP INDEX outbox_dead;
CREATE TABLE outbox (
  id              INTEGER PRIMARY KEY,
  type            TEXT NOT NULL,
  biz_key         TEXT NOT NULL UNIQUE,
  store_id        TEXT NOT NULL,
  payload         TEXT NOT NULL,
  status          TEXT NOT NULL DEFAULT 'INIT' CHECK (status = 'INIT' OR status = 'DONE' OR status = 'DEAD'),
  retry_count     INTEGER NOT NULL DEFAULT 0,
  next_retry_time INTEGER NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;
INSERT INTO outbox SELECT * FROM outbox_before;
DROP TABLE outbox_before;
-- All hold open rows only, so that they stay small: in order of id over all stores, and of one store.
CREATE INDEX outbox_waiting ON outbox (status) WHERE status = 'INIT';
CREATE INDEX outbox_waiting_of ON outbox (store_id) WHERE status = 'INIT';
CREATE INDEX outbox_dead ON outbox (status) WHERE status = 'DEAD';

PRAGMA user_version = 10;
