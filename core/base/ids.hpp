// Typed ids. An OrderId is never a SkuId by accident; the text inside is opaque.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

namespace larder {

template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string text) : text_(std::move(text)) {}
  const std::string& text() const { return text_; }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const Id&) const = default;
  bool operator==(const Id&) const = default;

 private:
  std::string text_;
};

using StoreId = Id<struct StoreTag>;
using HubId = Id<struct HubTag>;
using DeviceId = Id<struct DeviceTag>;
using StaffId = Id<struct StaffTag>;      // a person who signs in at a till
using CommandId = Id<struct CommandTag>;  // made by the client
using CategoryId = Id<struct CategoryTag>;
using ItemId = Id<struct ItemTag>;  // SPU
using SkuId = Id<struct SkuTag>;
using GroupId = Id<struct GroupTag>;  // option group
using OptionId = Id<struct OptionTag>;
using PartId = Id<struct PartTag>;  // one choice to make in a combo
using StationId = Id<struct StationTag>;
using OrderId = Id<struct OrderTag>;        // "20261121-0042": business day and daily number
using HoldId = Id<struct HoldTag>;          // "h" and the sequence number of its first event
using LeaseId = Id<struct LeaseTag>;        // "l" and the same
using OversellId = Id<struct OversellTag>;  // "x" and the same
using ChannelCode = Id<struct ChannelTag>;  // where stock is sold: "pos" "kiosk" "emenu" at the
                                            // hub, "online_order" and any other at the relay

using Seq = std::uint64_t;     // place in the journal, from 1, gap-free
using Epoch = std::uint32_t;   // life of a hub identity, from 1
using LineNo = std::uint32_t;  // place of a line in its order, from 1

}  // namespace larder

template <typename Tag>
struct std::hash<larder::Id<Tag>> {
  std::size_t operator()(const larder::Id<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.text());
  }
};
