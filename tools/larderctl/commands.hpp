// What larderctl can do, one function for each thing. They print what people or machines asked for
// to `out` and answer an Error with a sentence otherwise.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "core/base/result.hpp"
#include "tools/larderctl/connection.hpp"

namespace larder::ctl {

struct Output {
  std::ostream& out;
  std::ostream& problems;  // lists of mistakes in files, for people
  bool json = false;
};

struct MenuImport {
  std::string file;
  bool check_only = false;
  std::string currency = "EUR";
  std::string id;  // of the command; empty: a fresh one. The same id again imports nothing twice
};
// Reads the file whole, names every mistake, and sends it by POST /v1/menu when there is none.
Result<void> check_menu_file(const MenuImport& what, const Output& output);
Result<void> import_menu(const Access& access, const MenuImport& what, const Output& output);
Result<void> export_menu(const Access& access, bool csv, const Output& output);

Result<void> list_stock(const Access& access, const Output& output);
// stock.count, stock.mark or stock.limit with these args, then the SKU's level.
Result<void> count_stock(const Access& access, const std::string& sku, const std::string& quantity,
                         const Output& output);
// `back`: when what is sold out comes back by itself, "next-day" or a time by the store's clock;
// empty: never.
Result<void> mark_stock(const Access& access, const std::string& sku, bool sold_out,
                        const std::string& back, const Output& output);
// Who has not shown what is sold out.
Result<void> list_unseen(const Access& access, const Output& output);
Result<void> set_thresholds(const Access& access, const std::string& sku,
                            const std::string& warning, const std::string& critical,
                            const Output& output);
Result<void> limit_stock(const Access& access, const std::string& sku, const std::string& quantity,
                         const Output& output);
Result<void> unlimit_stock(const Access& access, const std::string& sku, const Output& output);

Result<void> list_orders(const Access& access, bool all, const Output& output);
Result<void> show_order(const Access& access, const std::string& order, const Output& output);

struct NewDevice {
  std::string id;
  std::string name;
  std::string role;
  std::string station;
};
Result<void> list_devices(const Access& access, const Output& output);
Result<void> add_device(const Access& access, const NewDevice& device, const Output& output);
Result<void> revoke_device(const Access& access, const std::string& device, const Output& output);

struct NewStaff {
  std::string id;
  std::string name;
  std::vector<std::string> permissions;
};
Result<void> list_staff(const Access& access, const Output& output);
// Reads the PIN from the terminal or, when there is none, the first line of stdin.
Result<void> add_staff(const Access& access, const NewStaff& staff, const Output& output);
Result<void> remove_staff(const Access& access, const std::string& staff, const Output& output);

Result<void> show_status(const Access& access, const Output& output);
// What a business day took, sent and had applied in the cloud; `day` 0 is the open one.
Result<void> show_statement(const Access& access, std::int64_t day, const Output& output);
Result<void> take_backup(const Access& access, const std::string& name, const Output& output);
// Lets a hub in recovery go on in a new epoch without what it lost.
Result<void> accept_loss(const Access& access, const std::string& reason, const Output& output);

// Shown to people: 1183 as 11.83, microseconds as local time.
std::string show_money(std::int64_t minor);
std::string show_time(std::int64_t micros);

}  // namespace larder::ctl
