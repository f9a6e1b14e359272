-- What HQ asked for, where the relay filled in more than that (the number a count is based on, its
-- time): the same request under the same key is the same word, whatever has moved in between.
-- {t}: once for each table.
ALTER TABLE hq_words_{t} ADD COLUMN asked TEXT NOT NULL DEFAULT '';  -- '': as args

PRAGMA user_version = 4;
