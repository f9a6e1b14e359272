-- What tills of other makes did while they were away, replayed by them, and the merge of it into one figure per SKU.
-- {t}: once for each table. Quantities are whole tenths.

-- A change is known by its id: the same again is the same change. state: new (not yet told to the hub), told (in word_id, on its way),
-- done (the figure counts it), superseded (a figure that was set later says so), unlimited (nobody counts that SKU), unknown (no such SKU
-- here), refused (the hub did not take the word).
CREATE TABLE offline_event_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id    TEXT NOT NULL,
  event_id    TEXT NOT NULL,
  sku_id      TEXT NOT NULL,
  is_absolute INTEGER NOT NULL CHECK (is_absolute IN (0, 1)),
  tenths      INTEGER NOT NULL,  -- added, or set
  at          INTEGER NOT NULL,  -- by the till's clock, never after received_at
  order_id    TEXT NOT NULL DEFAULT '',
  state       TEXT NOT NULL CHECK (state IN ('new', 'told', 'done', 'superseded', 'unlimited', 'unknown', 'refused')),
  word_id     TEXT NOT NULL DEFAULT '',
  said_by     TEXT NOT NULL DEFAULT '',
  trace_id    TEXT NOT NULL DEFAULT '',
  received_at INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, event_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX offline_event_{t}_sku ON offline_event_{t} (product_shard_id, store_id, sku_id, at);
CREATE INDEX offline_event_{t}_word ON offline_event_{t} (product_shard_id, store_id, word_id) WHERE state = 'told';

-- Per SKU: short_by: what the figure would be below zero by, which the books show as zero; short_told: the same, once word_id has come
-- back; recorded: of it, what an oversell record says.
CREATE TABLE offline_item_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id   TEXT NOT NULL,
  sku_id     TEXT NOT NULL,
  short_by   INTEGER NOT NULL DEFAULT 0,
  short_told INTEGER NOT NULL DEFAULT 0,
  recorded   INTEGER NOT NULL DEFAULT 0,
  counted_at INTEGER NOT NULL DEFAULT 0,  -- the latest change in it
  word_id    TEXT NOT NULL DEFAULT '',    -- on its way to the hub
  waits      INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1)),
  PRIMARY KEY (product_shard_id, store_id, sku_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX offline_item_{t}_waits ON offline_item_{t} (store_id, sku_id) WHERE waits = 1 AND word_id = '';
CREATE INDEX offline_item_{t}_word ON offline_item_{t} (product_shard_id, store_id, word_id) WHERE word_id <> '';

CREATE INDEX oversell_record_{t}_time ON oversell_record_{t} (state, created_at, poi_id, id);

PRAGMA user_version = 5;
