// A breach of each rule that tests/tidy knows, so that a check that finds nothing is noticed. Never compiled.
#include <chrono>
#include "edge/lan/server.hpp"
class StockManager {};
