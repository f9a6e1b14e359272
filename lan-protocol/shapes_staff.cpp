// STAFF and its permissions.
#include "lan-protocol/shapes.hpp"

namespace larder {

void put(JsonWriter& out, Permissions permissions) {
  out.begin_array();
  for (std::size_t i = 0; i < kPermissions; ++i) {
    const auto permission = static_cast<Permission>(i);
    if (permissions.has(permission)) put(out, permission);
  }
  out.end_array();
}

void take(const Input& in, Permissions& out) {
  std::vector<Permission> words;
  take(in, words);
  out = Permissions();
  for (const Permission word : words) {
    if (out.has(word)) return in.refuse(Code::BadRequest, "names a permission twice");
    out.add(word);
  }
}

void put(JsonWriter& out, const Staff& staff) {
  out.begin_object();
  put_member(out, "staff", staff.id);
  put_member(out, "name", staff.name);
  put_member(out, "permissions", staff.permissions);
  put_member(out, "added_at", staff.added_at);
  out.end_object();
}

void take(const Input& in, Staff& out) {
  Fields(in)
      .need("staff", out.id)
      .need("name", out.name)
      .need("permissions", out.permissions)
      .need("added_at", out.added_at)
      .done();
}

void write_staff(JsonWriter& out, const Staff& staff) { put(out, staff); }

}  // namespace larder
