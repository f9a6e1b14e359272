-- The sharded tables. {t} stands for the suffix: the build repeats this file for 0 to 3 (cmake/embed_sql.cmake).
-- Column names that other systems read are the estate's, to the letter. product_shard_id is the bucket of the store; with store_id it
-- stands at the front of every key, so that a bucket is one range of rows. Quantities are whole tenths in INTEGER: 25 means 2.5.

-- What the store's hub sent, byte for byte, with the chain's hash. Zeros where what came before was never seen here.
CREATE TABLE store_events_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id TEXT NOT NULL,
  seq      INTEGER NOT NULL CHECK (seq >= 1),
  epoch    INTEGER NOT NULL,
  type     INTEGER NOT NULL,
  at       INTEGER NOT NULL,
  hash     BLOB NOT NULL CHECK (length(hash) = 32),
  data     BLOB NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, seq, epoch)
) STRICT, WITHOUT ROWID;

-- Where each epoch begins. Events of an earlier epoch from first_seq on are those that the restored hub has lost; they are kept.
CREATE TABLE store_epochs_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id  TEXT NOT NULL,
  epoch     INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  lost      INTEGER NOT NULL DEFAULT 0,
  began_at  INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, epoch)
) STRICT, WITHOUT ROWID;

-- The first event of each business day.
CREATE TABLE store_days_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id  TEXT NOT NULL,
  day       INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, day)
) STRICT, WITHOUT ROWID;

-- Events that this version does not know or cannot read, or whose rows contradict what is there: kept raw above, not shown in the rows below.
CREATE TABLE parked_events_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id  TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  epoch     INTEGER NOT NULL,
  type      INTEGER NOT NULL,
  reason    TEXT NOT NULL,
  parked_at INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, seq, epoch)
) STRICT, WITHOUT ROWID;

-- HQ's words to the store. applied_seq is the hub's event about it; 0: not yet.
CREATE TABLE hq_words_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id    TEXT NOT NULL,
  number      INTEGER NOT NULL CHECK (number >= 1),
  id          TEXT NOT NULL,
  verb        TEXT NOT NULL,
  args        TEXT NOT NULL,
  by          TEXT NOT NULL,
  not_after   INTEGER NOT NULL,
  issued_at   INTEGER NOT NULL,
  applied_seq INTEGER NOT NULL DEFAULT 0,
  applied_at  INTEGER NOT NULL DEFAULT 0,
  outcome     TEXT NOT NULL DEFAULT '',
  message     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (product_shard_id, store_id, number),
  UNIQUE (store_id, id)
) STRICT, WITHOUT ROWID;

-- lost_epoch: 0 for the store's books; the epoch of an order that its hub lost with a restore.
CREATE TABLE store_orders_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id    TEXT NOT NULL,
  order_id    TEXT NOT NULL,
  lost_epoch  INTEGER NOT NULL DEFAULT 0,
  day         INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  channel     TEXT NOT NULL,
  service     TEXT NOT NULL,
  state       TEXT NOT NULL,
  is_paid     INTEGER NOT NULL DEFAULT 0 CHECK (is_paid IN (0, 1)),
  reason      TEXT NOT NULL DEFAULT '',
  placed_minor INTEGER NOT NULL,  -- as it was placed; total_minor changes with discounts and void lines
  total_minor INTEGER NOT NULL,
  currency    TEXT NOT NULL,
  placed_seq  INTEGER NOT NULL,
  last_seq    INTEGER NOT NULL,
  placed_at   INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, order_id, lost_epoch)
) STRICT, WITHOUT ROWID;
CREATE INDEX store_orders_{t}_placed ON store_orders_{t} (product_shard_id, store_id, placed_seq);

CREATE TABLE merchants_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id      TEXT NOT NULL,
  merchant_id   TEXT NOT NULL,
  merchant_name TEXT NOT NULL DEFAULT '',
  currency      TEXT NOT NULL,
  menu_version  INTEGER NOT NULL,
  is_active     INTEGER NOT NULL DEFAULT 1,
  created_at    INTEGER NOT NULL,
  updated_at    INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE store_products_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id        TEXT NOT NULL,
  product_id      TEXT NOT NULL,
  category_id     TEXT NOT NULL,
  product_name    TEXT NOT NULL,
  product_name_zh TEXT NOT NULL,
  description     TEXT NOT NULL,
  image           TEXT NOT NULL,
  station         TEXT NOT NULL,
  channels        INTEGER NOT NULL,  -- bits: 1 POS, 2 KIOSK, 4 EMENU, 8 ONLINE_ORDER
  is_combo        INTEGER NOT NULL,
  is_active       INTEGER NOT NULL,
  menu_version    INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  updated_at      INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, product_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE product_sku_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id     TEXT NOT NULL,
  sku_id       TEXT NOT NULL,
  product_id   TEXT NOT NULL,
  sku_name     TEXT NOT NULL,  -- item and variant, as a person reads it
  sku_name_zh  TEXT NOT NULL,
  price_minor  INTEGER NOT NULL,
  currency     TEXT NOT NULL,
  is_active    INTEGER NOT NULL,
  menu_version INTEGER NOT NULL,
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, sku_id)
) STRICT, WITHOUT ROWID;

-- current_stock: what can still be sold. locked_stock: what open holds have set aside. Both tenths; of an unlimited SKU they mean nothing.
CREATE TABLE inventory_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id           TEXT NOT NULL,
  sku_id             TEXT NOT NULL,
  current_stock      INTEGER NOT NULL CHECK (current_stock >= 0),
  locked_stock       INTEGER NOT NULL CHECK (locked_stock >= 0),
  version            INTEGER NOT NULL,
  warning_threshold  INTEGER NOT NULL DEFAULT 0,
  critical_threshold INTEGER NOT NULL DEFAULT 0,
  is_active          INTEGER NOT NULL DEFAULT 1,
  stock_type         INTEGER NOT NULL CHECK (stock_type IN (1, 2)),    -- 1 unlimited, 2 limited
  stock_status       INTEGER NOT NULL CHECK (stock_status IN (1, 2)),  -- 1 available, 2 said to be sold out
  restore_type       INTEGER NOT NULL DEFAULT 2 CHECK (restore_type IN (1, 2)),  -- 1 next day, 2 never
  created_at         INTEGER NOT NULL,
  updated_at         INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, sku_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX inventory_{t}_sku ON inventory_{t} (sku_id, store_id);
-- Holds the few that run low, so that counting them is not a walk over all.
CREATE INDEX inventory_{t}_low ON inventory_{t} (store_id)
  WHERE stock_type = 2 AND is_active = 1 AND current_stock <= warning_threshold;

-- One row per movement. txn_id is store/epoch/seq/index of the event, so that no movement can be written twice.
CREATE TABLE inventory_transactions_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id         TEXT NOT NULL,
  seq              INTEGER NOT NULL,
  epoch            INTEGER NOT NULL,
  line             INTEGER NOT NULL,
  txn_id           TEXT NOT NULL UNIQUE,
  order_id         TEXT NOT NULL,
  sku_id           TEXT NOT NULL,
  transaction_type TEXT NOT NULL CHECK (transaction_type IN ('reserve', 'release', 'deduct', 'adjust', 'restock')),
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

-- order_id is store/order (a cart's hold: store/hold), because two stores have an order of the same number. LOCK ends once.
CREATE TABLE reservation_{t} (
  product_shard_id INTEGER NOT NULL,
  store_id         TEXT NOT NULL,
  order_id         TEXT NOT NULL,
  sku_id           TEXT NOT NULL,
  qty              INTEGER NOT NULL,
  reservation_type TEXT NOT NULL CHECK (reservation_type IN ('cart', 'order')),
  status           TEXT NOT NULL CHECK (status IN ('LOCK', 'OUT', 'UNLOCK')),
  expires_at       INTEGER NOT NULL,
  version          INTEGER NOT NULL DEFAULT 1,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL,
  PRIMARY KEY (product_shard_id, store_id, order_id, sku_id),
  UNIQUE (order_id, sku_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE poi_item_stock_{t} (
  id                   INTEGER PRIMARY KEY,
  product_shard_id     INTEGER NOT NULL,
  brand_id             TEXT NOT NULL DEFAULT '',
  poi_id               TEXT NOT NULL,
  object_type          INTEGER NOT NULL CHECK (object_type IN (1, 2)),   -- 1 SPU, 2 SKU
  object_id            TEXT NOT NULL,
  stock_status         INTEGER NOT NULL CHECK (stock_status IN (1, 2)),  -- 1 available, 2 sold out
  stock_type           INTEGER NOT NULL CHECK (stock_type IN (1, 2)),    -- 1 unlimited, 2 limited
  plan_quantity        INTEGER NOT NULL DEFAULT 0,
  real_quantity        INTEGER NOT NULL DEFAULT 0,
  shared_pool_quantity INTEGER NOT NULL DEFAULT 0,
  auto_restore_type    INTEGER NOT NULL DEFAULT 2 CHECK (auto_restore_type IN (1, 2)),
  auto_restore_at      INTEGER NOT NULL DEFAULT 0,  -- 0: none
  created_at           INTEGER NOT NULL,
  updated_at           INTEGER NOT NULL,
  UNIQUE (product_shard_id, poi_id, object_type, object_id)
) STRICT;

CREATE TABLE poi_item_channel_stock_{t} (
  id               INTEGER PRIMARY KEY,
  product_shard_id INTEGER NOT NULL,
  brand_id         TEXT NOT NULL DEFAULT '',
  poi_id           TEXT NOT NULL,
  stock_id         INTEGER NOT NULL,
  channel_code     TEXT NOT NULL,
  stock_status     INTEGER NOT NULL CHECK (stock_status IN (1, 2)),
  stock_type       INTEGER NOT NULL CHECK (stock_type IN (1, 2)),  -- 1 unlimited, 2 shared limited
  channel_quota    INTEGER NOT NULL DEFAULT -1,                    -- -1: none
  channel_sold     INTEGER NOT NULL DEFAULT 0,
  weight           INTEGER NOT NULL DEFAULT -1,                    -- -1: none
  UNIQUE (product_shard_id, poi_id, stock_id, channel_code)
) STRICT;

CREATE TABLE poi_item_stock_log_{t} (
  id               INTEGER PRIMARY KEY,
  product_shard_id INTEGER NOT NULL,
  brand_id         TEXT NOT NULL DEFAULT '',
  poi_id           TEXT NOT NULL,
  stock_id         INTEGER NOT NULL,
  content          TEXT NOT NULL,
  created_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX poi_item_stock_log_{t}_poi ON poi_item_stock_log_{t} (product_shard_id, poi_id, stock_id);

CREATE TABLE oversell_record_{t} (
  id               INTEGER PRIMARY KEY,
  product_shard_id INTEGER NOT NULL,
  brand_id         TEXT NOT NULL DEFAULT '',
  poi_id           TEXT NOT NULL,
  object_id        TEXT NOT NULL,
  quantity         INTEGER NOT NULL,
  cause            TEXT NOT NULL,
  order_ids        TEXT NOT NULL,  -- JSON array
  state            TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolved')),
  resolution       TEXT NOT NULL DEFAULT '',
  resolved_by      TEXT NOT NULL DEFAULT '',
  created_at       INTEGER NOT NULL,
  resolved_at      INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX oversell_record_{t}_poi ON oversell_record_{t} (product_shard_id, poi_id, state);

PRAGMA user_version = 2;
