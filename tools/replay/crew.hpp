// Crew: the devices of one replay, minted with the admin's token and revoked at the end.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "tools/client/client.hpp"

namespace larder::replay {

class Crew {
 public:
  // `admin` must outlive the crew. Device ids are prefix-role-number; a device of an earlier run
  // with the same id gets a new token.
  Crew(client::Client& admin, std::string prefix);
  // `count` devices; their tokens.
  Result<std::vector<std::string>> add(const std::string& name, const std::string& role,
                                       std::size_t count);
  void revoke_all();
  bool has(const std::string& device) const;

 private:
  client::Client& admin_;
  std::string prefix_;
  std::vector<std::string> devices_;
};

}  // namespace larder::replay
