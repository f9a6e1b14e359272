-- Where the rows of a store's stock were not what its hub says, and what was done about it. {t} stands for the suffix, as in 0002.
CREATE TABLE stock_difference_{t} (
  id               INTEGER PRIMARY KEY AUTOINCREMENT,
  product_shard_id INTEGER NOT NULL,
  store_id    TEXT NOT NULL,
  sku_id      TEXT NOT NULL,
  epoch       INTEGER NOT NULL,  -- of the hub, and the event after which the two were compared
  seq         INTEGER NOT NULL,
  what        TEXT NOT NULL,     -- sentences, for people
  cause       TEXT NOT NULL,
  is_repaired INTEGER NOT NULL CHECK (is_repaired IN (0, 1)),
  asked_by    TEXT NOT NULL,     -- 'schedule', or a person
  found_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX stock_difference_{t}_store ON stock_difference_{t} (product_shard_id, store_id, id);

PRAGMA user_version = 8;
