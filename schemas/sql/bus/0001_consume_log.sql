-- The in-process bus's file: what its consumers have done. A migration never changes once released; the next change is 0002.

-- One row per message and consumer, in the same transaction as the effect: a message that comes again finds it and is dropped.
CREATE TABLE mq_consume_log (
  event_id       TEXT NOT NULL,
  consumer_group TEXT NOT NULL,
  status         TEXT NOT NULL CHECK (status = 'DONE'),
  consumed_at    INTEGER NOT NULL,
  UNIQUE (event_id, consumer_group)
) STRICT;

CREATE INDEX mq_consume_log_by_time ON mq_consume_log (consumed_at);

-- What the estate was told last, for people who look: the newest messages, whatever their topic.
CREATE TABLE shelf (
  id       INTEGER PRIMARY KEY,
  topic    TEXT NOT NULL,
  biz_key  TEXT NOT NULL,
  store_id TEXT NOT NULL,
  body     TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT;

PRAGMA user_version = 1;
