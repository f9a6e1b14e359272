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
-- From what is here already; the first bytes of an event name it, so that only menus are read whole.
INSERT OR REPLACE INTO store_menu_{t} (product_shard_id, store_id, version, menu, updated_at)
  SELECT product_shard_id, store_id, json_extract(text, '$.body.menu.version'), json_extract(text, '$.body.menu'), at
  FROM (SELECT product_shard_id, store_id, seq, epoch, at, CAST(data AS TEXT) AS text FROM store_events_{t}
        WHERE instr(CAST(substr(data, 1, 400) AS TEXT), '"event":"menu.imported"') > 0)
  ORDER BY seq, epoch;

-- The arguments of the word online.order, without its draws, of an order that its store must hear of when it is paid; '' of every other.
ALTER TABLE channel_order_{t} ADD COLUMN online_order TEXT NOT NULL DEFAULT '';

PRAGMA user_version = 7;
