-- Orders of the relay's channels and their lines stand in the order in which they came, and one tree finds both by the order's number
-- (ADR 0016). Before, an order and its line lay each in two trees by that number, a page of its own in each for every client.
-- What a column may hold is said with OR from here on: for IN with three texts or more SQLite makes a table in memory for every row that
-- is written. {t} stands for the suffix, as in 0002.

ALTER TABLE channel_order_{t} RENAME TO channel_order_{t}_before;
ALTER TABLE reservation_{t} RENAME TO reservation_{t}_before;
DROP INDEX channel_order_{t}_number;
DROP INDEX channel_order_{t}_due;

-- As in 0003. Whoever looks for a number asks reservation_{t}: every order has a line.
CREATE TABLE channel_order_{t} (
  id               INTEGER PRIMARY KEY,
  product_shard_id INTEGER NOT NULL,
  store_id         TEXT NOT NULL,
  order_id         TEXT NOT NULL,
  channel_code     TEXT NOT NULL,
  reservation_type TEXT NOT NULL CHECK (reservation_type IN ('cart', 'order')),
  asked            TEXT NOT NULL,    -- canonical: sku=tenths,.. in order of SKU
  status           TEXT NOT NULL CHECK (status = 'LOCK' OR status = 'OUT' OR status = 'UNLOCK'),
  reason           TEXT NOT NULL DEFAULT '',
  expires_at       INTEGER NOT NULL,
  trace_id         TEXT NOT NULL DEFAULT '',
  version          INTEGER NOT NULL DEFAULT 1,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  online_order     TEXT NOT NULL DEFAULT ''  -- as in 0007
) STRICT;
INSERT INTO channel_order_{t} (product_shard_id, store_id, order_id, channel_code, reservation_type, asked, status, reason, expires_at,
    trace_id, version, created_at, updated_at, online_order)
  SELECT product_shard_id, store_id, order_id, channel_code, reservation_type, asked, status, reason, expires_at,
    trace_id, version, created_at, updated_at, online_order FROM channel_order_{t}_before ORDER BY created_at, order_id;
CREATE INDEX channel_order_{t}_due ON channel_order_{t} (expires_at) WHERE status = 'LOCK';

-- order_id is store/order of a hub's hold (a cart's: store/hold), because two stores have an order of the same number; of the relay's
-- channels it is the estate's number, which has no '/'. LOCK ends once. lease_id '': nothing limited was drawn; from_quota: from the lease
-- of its channel, else from the pool's. channel_order: the row of channel_order_{t} whose line it is; 0: a hub's hold.
CREATE TABLE reservation_{t} (
  id               INTEGER PRIMARY KEY,
  product_shard_id INTEGER NOT NULL,
  store_id         TEXT NOT NULL,
  order_id         TEXT NOT NULL,
  sku_id           TEXT NOT NULL,
  qty              INTEGER NOT NULL,
  reservation_type TEXT NOT NULL CHECK (reservation_type IN ('cart', 'order')),
  status           TEXT NOT NULL CHECK (status = 'LOCK' OR status = 'OUT' OR status = 'UNLOCK'),
  expires_at       INTEGER NOT NULL,
  version          INTEGER NOT NULL DEFAULT 1,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  channel_code     TEXT NOT NULL DEFAULT '',
  lease_id         TEXT NOT NULL DEFAULT '',
  lease_epoch      INTEGER NOT NULL DEFAULT 0,
  from_quota       INTEGER NOT NULL DEFAULT 0,
  channel_order    INTEGER NOT NULL DEFAULT 0,
  UNIQUE (order_id, sku_id)
) STRICT;
INSERT INTO reservation_{t} (product_shard_id, store_id, order_id, sku_id, qty, reservation_type, status, expires_at, version,
    created_at, updated_at, channel_code, lease_id, lease_epoch, from_quota, channel_order)
  SELECT r.product_shard_id, r.store_id, r.order_id, r.sku_id, r.qty, r.reservation_type, r.status, r.expires_at, r.version,
    r.created_at, r.updated_at, r.channel_code, r.lease_id, r.lease_epoch, r.from_quota, coalesce(o.id, 0)
  FROM reservation_{t}_before r LEFT JOIN channel_order_{t} o ON o.order_id = r.order_id
  ORDER BY r.created_at, r.order_id, r.sku_id;
-- What the relay's channels have drawn since some time.
CREATE INDEX reservation_{t}_drawn ON reservation_{t} (product_shard_id, store_id, sku_id, updated_at) WHERE lease_id <> '';

DROP TABLE channel_order_{t}_before;
DROP TABLE reservation_{t}_before;


-- As in 0002.
ALTER TABLE inventory_transactions_{t} RENAME TO inventory_transactions_{t}_before;
CREATE TABLE inventory_transactions_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id         TEXT NOT NULL,
  seq              INTEGER NOT NULL,
  epoch            INTEGER NOT NULL,
  line             INTEGER NOT NULL,
  txn_id           TEXT NOT NULL UNIQUE,
  order_id         TEXT NOT NULL,
  sku_id           TEXT NOT NULL,
  transaction_type TEXT NOT NULL CHECK (transaction_type = 'reserve' OR transaction_type = 'release' OR transaction_type = 'deduct'
                                        OR transaction_type = 'adjust' OR transaction_type = 'restock'),
  delta_available  INTEGER NOT NULL,
  delta_reserved   INTEGER NOT NULL,
  available_after  INTEGER NOT NULL,
  reserved_after   INTEGER NOT NULL,
  quantity_before  INTEGER NOT NULL,
  quantity_after   INTEGER NOT NULL,
  reference_type   TEXT NOT NULL,
  reference_id     TEXT NOT NULL,
  reason           TEXT NOT NULL,
  operator_id      TEXT NOT NULL,
  trace_id         TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, seq, epoch, line)
) STRICT, WITHOUT ROWID;
INSERT INTO inventory_transactions_{t} SELECT * FROM inventory_transactions_{t}_before;
DROP TABLE inventory_transactions_{t}_before;

-- As in 0003.
ALTER TABLE lease_{t} RENAME TO lease_{t}_before;
DROP INDEX lease_{t}_sku;
DROP INDEX lease_{t}_ends;
DROP INDEX lease_{t}_untold;
CREATE TABLE lease_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id        TEXT NOT NULL,
  epoch           INTEGER NOT NULL,  -- of the hub that granted it
  lease_id        TEXT NOT NULL,
  sku_id          TEXT NOT NULL,
  channel_code    TEXT NOT NULL,     -- as in the ledger: lower case
  granted         INTEGER NOT NULL CHECK (granted > 0),
  sold            INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
  told_sold       INTEGER NOT NULL DEFAULT 0 CHECK (told_sold >= 0),
  returned        INTEGER NOT NULL DEFAULT 0 CHECK (returned >= 0),
  held            INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
  agreed_sold     INTEGER NOT NULL DEFAULT 0,
  agreed_returned INTEGER NOT NULL DEFAULT 0,
  state           TEXT NOT NULL DEFAULT 'open' CHECK (state = 'open' OR state = 'recalled' OR state = 'expired' OR state = 'closed'),
  keep            INTEGER NOT NULL DEFAULT 0 CHECK (keep >= 0),  -- of a recalled one: what may stay idle
  granted_at      INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, epoch, lease_id),
  CHECK (sold + held + returned <= granted),
  CHECK (told_sold <= sold)
) STRICT, WITHOUT ROWID;
INSERT INTO lease_{t} SELECT * FROM lease_{t}_before;
DROP TABLE lease_{t}_before;
CREATE INDEX lease_{t}_sku ON lease_{t} (product_shard_id, store_id, sku_id) WHERE state <> 'closed';
CREATE INDEX lease_{t}_ends ON lease_{t} (state, expires_at) WHERE state <> 'closed';
CREATE INDEX lease_{t}_untold ON lease_{t} (store_id) WHERE sold > told_sold;

-- As in 0005.
ALTER TABLE offline_event_{t} RENAME TO offline_event_{t}_before;
DROP INDEX offline_event_{t}_sku;
DROP INDEX offline_event_{t}_word;
CREATE TABLE offline_event_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id    TEXT NOT NULL,
  event_id    TEXT NOT NULL,
  sku_id      TEXT NOT NULL,
  is_absolute INTEGER NOT NULL CHECK (is_absolute IN (0, 1)),
  tenths      INTEGER NOT NULL,  -- added, or set
  at          INTEGER NOT NULL,  -- by the till's clock, never after received_at
  order_id    TEXT NOT NULL DEFAULT '',
  state       TEXT NOT NULL CHECK (state = 'new' OR state = 'told' OR state = 'done' OR state = 'superseded' OR state = 'unlimited'
                                   OR state = 'unknown' OR state = 'refused'),
  word_id     TEXT NOT NULL DEFAULT '',
  said_by     TEXT NOT NULL DEFAULT '',
  trace_id    TEXT NOT NULL DEFAULT '',
  received_at INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, event_id)
) STRICT, WITHOUT ROWID;
INSERT INTO offline_event_{t} SELECT * FROM offline_event_{t}_before;
DROP TABLE offline_event_{t}_before;
CREATE INDEX offline_event_{t}_sku ON offline_event_{t} (product_shard_id, store_id, sku_id, at);
CREATE INDEX offline_event_{t}_word ON offline_event_{t} (product_shard_id, store_id, word_id) WHERE state = 'told';

PRAGMA user_version = 9;
