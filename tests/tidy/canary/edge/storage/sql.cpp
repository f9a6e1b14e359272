// TODO this has no issue
void bad(sqlite3* db, std::string name) { sqlite3_exec(db, ("DROP TABLE " + name).c_str(), 0, 0, 0); }
