// ScriptedHub: a hub as the relay sees it, without a kitchen: a journal of made-up events, hello,
// go-back-N by the relay's Acks, presence, and HQ's words taken in order. Knows nothing of a
// network: the test carries its messages. One thread.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lan-protocol/envelope.hpp"
#include "lan-protocol/rescue.hpp"
#include "lan-protocol/uplink.hpp"

namespace larder::relay {

class ScriptedHub {
 public:
  using Send = std::function<void(UplinkTopic, std::string)>;
  ScriptedHub(const std::string& store_id, Send send);

  void restart(const std::string& new_boot);  // the journal stays, what was under way does not
  void happen(std::size_t events, const std::string& cmd = "");
  void connect();  // presence and hello
  void hello();
  void took(UplinkTopic topic, const std::string& payload);  // something came down
  void pump();                                               // sends what credit allows
  void ask_rescue(RescueQuestion::Ask ask, const std::string& hqs_code = "");
  void rewind();  // nothing moved for long: hello again

  // A batch as it would be sent now.
  Envelope batch(Seq first, std::size_t count) const;
  std::string batch_bytes(Seq first, std::size_t count) const;
  Seq last() const { return events.size(); }
  Sha256 head() const { return hashes.empty() ? Sha256{} : hashes.back(); }
  bool is_done() const { return acked == last(); }

  StoreId store;
  HubId hub;
  std::string boot = "boot-1";
  std::string machine, code;
  Epoch epoch = 1;
  std::vector<Epoch> epochs;  // of each event
  std::vector<std::string> events;
  std::vector<Sha256> hashes;
  std::size_t batch_events = 10;
  bool marks_catch_up = false;

  Seq acked = 0, next = 1;
  std::uint16_t credit = 0;
  bool is_greeted = false;
  Ack last_ack;
  std::vector<Ack> acks;
  Seq words_applied = 0;
  std::vector<Word> words;
  bool answers_words = true;
  std::vector<BooksQuestion> questions;
  std::vector<BooksAnswer> answers;
  bool answers_books = true;
  std::map<SkuId, StockLevel> levels;  // of its stock, after its last event
  std::size_t marks_max = kStockMarksMax;
  std::vector<HubId> was;
  std::vector<RescueAnswer> rescue_answers;
  std::vector<std::string> lost_events;  // envelopes

 private:
  void took_words(const std::string& payload);
  void took_books(const std::string& payload);
  StockBooks stock_books(const BooksQuestion& question) const;

  Send send_;
};

}  // namespace larder::relay
