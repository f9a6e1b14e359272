// Who works here. The PIN is read from the terminal, unseen, or from stdin; never from the command
// line, where every user of the machine could read it. It is hashed here: the hub gets the hash.
#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "edge/pins/pin_hash.hpp"
#include "tools/client/fields.hpp"
#include "tools/larderctl/commands.hpp"
#include "tools/larderctl/table.hpp"

namespace larder::ctl {
namespace {

using client::text_of;

// Keeps what is typed off the screen, from here to the end of its scope.
class Unseen {
 public:
  Unseen() : is_terminal_(tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!is_terminal_) return;
    termios unseen = before_;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
  }
  ~Unseen() {
    if (is_terminal_) tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
  }
  Unseen(const Unseen&) = delete;
  Unseen& operator=(const Unseen&) = delete;

 private:
  termios before_{};
  bool is_terminal_;
};

std::string read_line(const char* prompt) {
  const bool asks = isatty(STDIN_FILENO) == 1;
  if (asks) std::cerr << prompt << std::flush;
  const Unseen unseen;
  std::string line;
  std::getline(std::cin, line);
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (asks) std::cerr << "\n";
  return line;
}

Result<std::string> hash_of_typed_pin() {
  const std::string pin = read_line("PIN (4 to 8 digits): ");
  if (!edge::is_pin(pin)) return refuse(Code::BadRequest, "A PIN has 4 to 8 digits");
  if (isatty(STDIN_FILENO) == 1 && read_line("The same PIN again: ") != pin) {
    return refuse(Code::BadRequest, "The two PINs are not the same; nothing was changed");
  }
  return edge::hash_pin(pin);
}

std::string words_of(const Json& person) {
  std::string words;
  for (const Json& word : client::list_of(person, "permissions")) {
    const std::string* text = word.as<std::string>();
    if (text != nullptr) words += (words.empty() ? "" : ",") + *text;
  }
  return words.empty() ? "-" : words;
}

}  // namespace

Result<void> list_staff(const Access& access, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<client::Reply> reply = (*connection)->query("staff.list", "{}");
  if (!reply) return pass_on(reply);
  if (output.json) {
    output.out << client::to_text(reply->result) << "\n";
    return {};
  }
  Table table({"STAFF", "MAY", "ADDED", "NAME"});
  for (const Json& person : client::list_of(reply->result, "staff"))
    table.add({text_of(person, "staff"), words_of(person),
               show_time(client::number_of(person, "added_at")), text_of(person, "name")});
  output.out << table.text();
  return {};
}

Result<void> add_staff(const Access& access, const NewStaff& staff, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  const Result<std::string> hash = hash_of_typed_pin();
  if (!hash) return pass_on(hash);
  JsonWriter args;
  args.begin_object().member("staff", staff.id).member("name", staff.name);
  args.member("pin_hash", *hash).key("permissions").begin_array();
  for (const std::string& permission : staff.permissions) args.value(permission);
  args.end_array().end_object();
  const Result<client::Reply> reply = (*connection)->command("staff.add", args.text());
  if (!reply) return pass_on(reply);
  if (output.json)
    output.out << client::to_text(reply->result) << "\n";
  else
    output.out << staff.name << " may sign in at every till of this store\n";
  return {};
}

Result<void> remove_staff(const Access& access, const std::string& staff, const Output& output) {
  const auto connection = Connection::open(access);
  if (!connection) return pass_on(connection);
  JsonWriter args;
  args.begin_object().member("staff", staff).end_object();
  const Result<client::Reply> reply = (*connection)->command("staff.remove", args.text());
  if (!reply) return pass_on(reply);
  if (output.json)
    output.out << client::to_text(reply->result) << "\n";
  else
    output.out << staff << " may not sign in any more, and is signed out\n";
  return {};
}

}  // namespace larder::ctl
