-- What the storefront shows and sells. {t} stands for the suffix, as in 0002.

-- The newest menu of each store as its hub sent it (a MENU of PROTOCOL.md), written with the event that brought it.
CREATE TABLE store_menu_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id   TEXT NOT NULL,
  version    INTEGER NOT NULL,
  menu       TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id)
) STRICT;
-- From what is here already: the newest menu that can be read, was not parked and is not of a part that its hub has lost.
-- The first bytes of an event name it, so that only menus are read whole.
INSERT OR REPLACE INTO store_menu_{t} (product_shard_id, store_id, version, menu, updated_at)
  SELECT product_shard_id, store_id, json_extract(text, '$.body.menu.version'), json_extract(text, '$.body.menu'), at
  FROM (SELECT e.product_shard_id, e.store_id, e.seq, e.epoch, e.at, CAST(e.data AS TEXT) AS text FROM store_events_{t} e
        WHERE instr(CAST(substr(e.data, 1, 400) AS TEXT), '"event":"menu.imported"') > 0
          AND NOT EXISTS (SELECT 1 FROM store_epochs_{t} p WHERE p.product_shard_id = e.product_shard_id
                          AND p.store_id = e.store_id AND p.epoch > e.epoch AND p.first_seq <= e.seq)
          AND NOT EXISTS (SELECT 1 FROM parked_events_{t} p WHERE p.product_shard_id = e.product_shard_id
                          AND p.store_id = e.store_id AND p.epoch = e.epoch AND p.seq = e.seq))
  WHERE CASE WHEN json_valid(text) THEN typeof(json_extract(text, '$.body.menu.version')) = 'integer'
                                        AND json_type(text, '$.body.menu') = 'object' ELSE 0 END
  ORDER BY epoch, seq;

-- The arguments of the word online.order, without its draws, of an order that its store must hear of when it is paid; '' of every other.
ALTER TABLE channel_order_{t} ADD COLUMN online_order TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 7;
