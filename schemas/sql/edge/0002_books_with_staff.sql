-- From here on the journal may hold what hubs of schema 1 have no words for: staff, discounts, struck lines, the close of a day,
-- HQ's words; and the images of the books are of format 2. The tables are the same. Such a hub must say "written by a later
-- Larder" and leave the file alone, not call it corrupt at the first event it does not know: that is what the number is for.
PRAGMA user_version = 2;
