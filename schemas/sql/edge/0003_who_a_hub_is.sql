-- From here on the journal may hold what hubs of schema 2 have no words for: leases, channels and thresholds, oversell, online orders,
-- an epoch that leaves the stock to be counted; the images of the books are of format 3, and `meta` says on which machine the hub runs,
-- whose the books were before, and whether they are in doubt. The tables are the same. A hub of schema 2 would sell on from books that
-- are in doubt, and call the file corrupt at the first event it does not know: it must say "written by a later Larder" and leave it alone.
PRAGMA user_version = 3;
