-- One database of the relay, what is not sharded within it. Rules: faults.md section 5. A migration never changes once released.
-- Times are microseconds since 1970 UTC, quantities whole tenths of a unit, money minor units; all INTEGER, never a floating point.

-- Where each bucket lives: the map is data. The same rows in every database, compared at start.
CREATE TABLE bucket_map (
  bucket      INTEGER PRIMARY KEY CHECK (bucket BETWEEN 0 AND 1023),
  database_no INTEGER NOT NULL CHECK (database_no BETWEEN 0 AND 1023),
  table_no    INTEGER NOT NULL CHECK (table_no BETWEEN 0 AND 3)
) STRICT;

-- How far a store's stream is kept. Changes in the same transaction as the rows it speaks of, never without them.
CREATE TABLE store_stream (
  store_id       TEXT PRIMARY KEY,
  product_shard_id INTEGER NOT NULL,
  hub_id         TEXT NOT NULL,
  epoch          INTEGER NOT NULL CHECK (epoch BETWEEN 0 AND 4294967295),
  up_to          INTEGER NOT NULL CHECK (up_to >= 0),
  hash           BLOB NOT NULL CHECK (length(hash) = 32),
  is_frozen      INTEGER NOT NULL DEFAULT 0 CHECK (is_frozen IN (0, 1)),
  frozen_reason  TEXT NOT NULL DEFAULT '',
  words_issued   INTEGER NOT NULL DEFAULT 0,
  words_applied  INTEGER NOT NULL DEFAULT 0 CHECK (words_applied <= words_issued),
  last_event_at  INTEGER NOT NULL,
  last_commit_at INTEGER NOT NULL,
  parked         INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Two different events under one number: what came and what was there (side `theirs` and `ours`). For a person.
CREATE TABLE forked_events (
  id       INTEGER PRIMARY KEY,
  store_id TEXT NOT NULL,
  hub_id   TEXT NOT NULL,
  epoch    INTEGER NOT NULL,
  seq      INTEGER NOT NULL,
  side     TEXT NOT NULL CHECK (side IN ('ours', 'theirs')),
  data     BLOB NOT NULL,
  seen_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX forked_events_by_store ON forked_events (store_id, seq);

-- Who froze, unfroze or began what.
CREATE TABLE stream_log (
  id       INTEGER PRIMARY KEY,
  store_id TEXT NOT NULL,
  who      TEXT NOT NULL,
  what     TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

-- What leaves for the estate's bus, written in the transaction of its change. biz_key is unique per message.
CREATE TABLE outbox (
  id              INTEGER PRIMARY KEY AUTOINCREMENT,
  type            TEXT NOT NULL,
  biz_key         TEXT NOT NULL UNIQUE,
  store_id        TEXT NOT NULL,
  payload         TEXT NOT NULL,
  status          TEXT NOT NULL DEFAULT 'INIT' CHECK (status IN ('INIT', 'DONE', 'DEAD')),
  retry_count     INTEGER NOT NULL DEFAULT 0,
  next_retry_time INTEGER NOT NULL,
  created_at      INTEGER NOT NULL
) STRICT;
-- Both hold open rows only, so that they stay small: in order of id over all stores, and of one store.
CREATE INDEX outbox_waiting ON outbox (status) WHERE status = 'INIT';
CREATE INDEX outbox_waiting_of ON outbox (store_id) WHERE status = 'INIT';
CREATE INDEX outbox_dead ON outbox (status) WHERE status = 'DEAD';

CREATE TABLE mq_consume_log (
  event_id       TEXT NOT NULL,
  consumer_group TEXT NOT NULL,
  status         TEXT NOT NULL,
  created_at     INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (event_id, consumer_group)
) STRICT, WITHOUT ROWID;

-- "LRDS", so that another application's database is never taken for a shard.
PRAGMA application_id = 1280459859;
PRAGMA user_version = 1;
