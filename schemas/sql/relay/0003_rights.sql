-- The relay's own stock: rights it was granted (leases), and what its channels reserve of them. {t} stands for the suffix, as in 0002;
-- what is not sharded is made once (IF NOT EXISTS). Quantities are whole tenths.

-- A lease: rights of one SKU for one channel ('' = the relay's shared pool) that the hub handed over. What may still be sold of it is
-- granted - sold - held - returned, and the CHECK keeps anybody from selling more. sold: OUT. told_sold: of these, what a durable word
-- has told the hub. agreed_*: what the hub's own lease.settled has answered. expires_at: by our clock at the commit of the last grant.
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
  state           TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'recalled', 'expired', 'closed')),
  keep            INTEGER NOT NULL DEFAULT 0 CHECK (keep >= 0),  -- of a recalled one: what may stay idle
  granted_at      INTEGER NOT NULL,
  expires_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, epoch, lease_id),
  CHECK (sold + held + returned <= granted),
  CHECK (told_sold <= sold)
) STRICT, WITHOUT ROWID;
CREATE INDEX lease_{t}_sku ON lease_{t} (product_shard_id, store_id, sku_id) WHERE state <> 'closed';
CREATE INDEX lease_{t}_ends ON lease_{t} (state, expires_at) WHERE state <> 'closed';
CREATE INDEX lease_{t}_untold ON lease_{t} (store_id) WHERE sold > told_sold;

-- An order of a relay's channel, under the estate's own number: what was asked (so that the same order again is known), and how it ended.
-- Its lines are rows of reservation_{t}. LOCK ends once.
CREATE TABLE channel_order_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id         TEXT NOT NULL,
  order_id         TEXT NOT NULL,
  channel_code     TEXT NOT NULL,
  reservation_type TEXT NOT NULL CHECK (reservation_type IN ('cart', 'order')),
  asked            TEXT NOT NULL,    -- canonical: sku=tenths,.. in order of SKU
  status           TEXT NOT NULL CHECK (status IN ('LOCK', 'OUT', 'UNLOCK')),
  reason           TEXT NOT NULL DEFAULT '',
  expires_at       INTEGER NOT NULL,
  trace_id         TEXT NOT NULL DEFAULT '',
  version          INTEGER NOT NULL DEFAULT 1,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, order_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX channel_order_{t}_number ON channel_order_{t} (order_id);
CREATE INDEX channel_order_{t}_due ON channel_order_{t} (expires_at) WHERE status = 'LOCK';

-- reservation_{t} holds both the hub's holds (order_id = store/order) and the relay's (order_id = the estate's number, which has no '/').
-- lease_id '': nothing limited was drawn; from_quota: from the lease of its channel, else from the pool's.
ALTER TABLE reservation_{t} ADD COLUMN channel_code TEXT NOT NULL DEFAULT '';
ALTER TABLE reservation_{t} ADD COLUMN lease_id TEXT NOT NULL DEFAULT '';
ALTER TABLE reservation_{t} ADD COLUMN lease_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE reservation_{t} ADD COLUMN from_quota INTEGER NOT NULL DEFAULT 0;

-- current_stock = hub_stock + relay_stock, locked_stock = hub_locked + relay_locked: what can be sold anywhere, and what is set aside
-- anywhere. hub_*: as the hub's last event says. relay_*: of the open leases, as they stand.
ALTER TABLE inventory_{t} ADD COLUMN hub_stock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inventory_{t} ADD COLUMN hub_locked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inventory_{t} ADD COLUMN relay_stock INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inventory_{t} ADD COLUMN relay_locked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inventory_{t} ADD COLUMN leased INTEGER NOT NULL DEFAULT 0;      -- by the hub's books, not settled yet
ALTER TABLE inventory_{t} ADD COLUMN owed INTEGER NOT NULL DEFAULT 0;        -- counted below what was leased
ALTER TABLE inventory_{t} ADD COLUMN restore_at INTEGER NOT NULL DEFAULT 0;  -- 0: none; else restore_type 1 means at that time
ALTER TABLE inventory_{t} ADD COLUMN plan_quantity INTEGER NOT NULL DEFAULT 0;
UPDATE inventory_{t} SET hub_stock = current_stock, hub_locked = locked_stock;

ALTER TABLE store_orders_{t} ADD COLUMN external_no TEXT NOT NULL DEFAULT '';  -- the estate's number of an order from a relay's channel
ALTER TABLE store_orders_{t} ADD COLUMN source TEXT NOT NULL DEFAULT '';
CREATE INDEX store_orders_{t}_external ON store_orders_{t} (product_shard_id, store_id, external_no) WHERE external_no <> '';

ALTER TABLE oversell_record_{t} ADD COLUMN oversell_id TEXT NOT NULL DEFAULT '';  -- the hub's name of it; '': found here
ALTER TABLE oversell_record_{t} ADD COLUMN made_by TEXT NOT NULL DEFAULT '';
CREATE INDEX oversell_record_{t}_name ON oversell_record_{t} (product_shard_id, poi_id, oversell_id) WHERE oversell_id <> '';

-- Orders that were cancelled before they were ever seen: when they come they are cancelled.
CREATE TABLE IF NOT EXISTS cancelled_order (
  order_id TEXT PRIMARY KEY,
  store_id TEXT NOT NULL,  -- '': whichever it comes to
  reason   TEXT NOT NULL,
  at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- Groups that this database's turnstile has committed: part of the keys of its messages.
CREATE TABLE IF NOT EXISTS turnstile (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  turns INTEGER NOT NULL
) STRICT;
INSERT OR IGNORE INTO turnstile (id, turns) VALUES (1, 0);

PRAGMA user_version = 3;
