#include "opt/keys.hpp"

#include <algorithm>
#include <string>

#include "sets/id_index.hpp"
#include "support/overloaded.hpp"

namespace polc::opt {
namespace {

// Every field says where it ends, so that no two boxes run into one another.
class Key {
 public:
  explicit Key(std::string& text) : text_(text) { text_.clear(); }

  // Seven bits a byte, the last byte without the top bit.
  Key& number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) text_ += static_cast<char>(value | 0x80);
    text_ += static_cast<char>(value);
    return *this;
  }
  Key& words(std::string_view text) {
    number(text.size());
    text_ += text;
    return *this;
  }
  template <class Number>
  Key& set(const sets::IntervalSet<Number>& values) {
    number(values.intervals().size());
    for (const auto& interval : values.intervals()) {
      for (const Number end : {interval.low, interval.high}) {
        number(static_cast<std::uint64_t>(end));
        if constexpr (sizeof(Number) > 8) number(static_cast<std::uint64_t>(end >> 64));
      }
    }
    return *this;
  }
  Key& patterns(const std::vector<sets::PathPattern>& places) {
    number(places.size());
    for (const auto& place : places) {
      number(place.components.size());
      for (const sets::Component& component : place.components) number(static_cast<std::uint64_t>(component.kind)).words(component.text);
    }
    return *this;
  }
  Key& owners(const ir::OwnerSet& owners) {
    number(owners.any).number(owners.self).number(owners.names.size());
    for (const auto& name : owners.names) words(name);
    return *this;
  }
  Key& condition(const ir::Condition& c) {
    number(static_cast<std::uint64_t>(c.kind));
    if (c.kind == ir::Condition::Kind::test) {
      number(c.test.argument).number(c.test.mask).number(static_cast<std::uint64_t>(c.test.op)).number(c.test.value);
      number(c.test.width).number(c.test.is_signed).number(c.test.in_register.number);
    }
    if (c.kind == ir::Condition::Kind::exact) number(c.exact.space->digest(c.exact.set));
    number(c.terms.size());
    for (const auto& term : c.terms) condition(term);
    return *this;
  }

 private:
  std::string& text_;
};

void add(Key& key, const ir::FileBox& box, Without left_out) {
  if (left_out != Without::verbs) key.number(box.verbs.bits());
  if (left_out != Without::places) key.patterns(box.places);
  key.number(box.types.bits()).owners(box.owners).number(box.mode).set(box.requests).number(box.successors.size());
  for (const auto& successor : box.successors) key.number(static_cast<std::uint64_t>(successor.kind)).words(successor.policy);
}

void add(Key& key, const ir::PairBox& box, Without left_out) {
  if (left_out != Without::verbs) key.number(box.verbs.bits());
  key.patterns(box.from).patterns(box.to).number(box.types.bits()).owners(box.owners);
}

void add(Key& key, const ir::NetBox& box, Without left_out) {
  if (left_out != Without::verbs) key.number(box.verbs.bits());
  key.number(static_cast<std::uint64_t>(box.family)).number(box.types.bits()).set(box.protocols);
  if (left_out != Without::ports) key.set(box.ports);
  if (left_out == Without::addresses) return;
  key.set(box.ip4).set(box.ip6).number(box.any_unix_address).patterns(box.paths).patterns(box.abstracts);
}

void add(Key& key, const ir::CallBox& box, Without left_out) {
  if (left_out != Without::calls) {
    key.number(box.calls.size());
    for (const CallId call : box.calls) key.number(call.value);
  }
  if (left_out != Without::condition) key.condition(box.where);
}

void add(Key& key, const ir::IdentityBox& box, Without) {
  key.number(static_cast<std::uint64_t>(box.kind)).set(box.ids).number(box.accounts.size());
  for (const auto& account : box.accounts) key.words(account.name).number(account.has_id).number(account.id);
}

void add(Key& key, const ir::CapabilityBox& box, Without) { key.number(box.capabilities); }

void add(Key& key, const ir::PeerBox& box, Without) {
  key.number(static_cast<std::uint64_t>(box.kind)).number(box.what).number(box.any_peer).number(box.peers.size());
  for (const auto& peer : box.peers) key.number(static_cast<std::uint64_t>(peer.kind)).words(peer.policy);
}

void write_key(const eval::Part& part, Without left_out, std::string& text) {
  Key key(text);
  key.number(static_cast<std::uint64_t>(part.effect)).number(part.implied).number(part.box.index());
  // A call that rules only need says nothing of its own: united with another's it would be blamed on the wrong rule.
  if (part.implied) {
    key.number(part.rules.size());
    for (const ir::RuleId rule : part.rules) key.number(rule.value);
  }
  std::visit([&](const auto& box) { add(key, box, left_out); }, part.box);
}

// Finds the part with the same key by the hash of it. Keys are not kept but written again where hashes agree: what is
// merged into a part changes only what its key leaves out.
class PartIndex {
 public:
  PartIndex(const Parts& parts, Without left_out) : parts_(parts), left_out_(left_out) {}

  // The place of the part that has the key of this one, or else `place`, which it will be at.
  std::size_t find_or_add(const eval::Part& part, std::size_t place) {
    write_key(part, left_out_, key_);
    const std::uint64_t hash = std::hash<std::string_view>()(key_);
    const auto is = [&](std::uint32_t id) {
      write_key(parts_[places_[id]], left_out_, other_key_);
      return other_key_ == key_;
    };
    if (const std::uint32_t known = index_.find(hash, is); known != sets::IdIndex::none) return places_[known];
    index_.insert(hash, static_cast<std::uint32_t>(places_.size()));
    places_.push_back(static_cast<std::uint32_t>(place));
    return place;
  }

 private:
  const Parts& parts_;
  Without left_out_;
  sets::IdIndex index_;
  std::vector<std::uint32_t> places_;
  std::string key_, other_key_;
};

}  // namespace

std::string key_of(const eval::Part& part, Without left_out) {
  std::string key;
  write_key(part, left_out, key);
  return key;
}

Parts merge_by_key(Parts parts, Without left_out, const std::function<bool(const ir::Box&)>& applies,
                   const std::function<void(ir::Box&, ir::Box&&)>& take) {
  Parts result;
  result.reserve(parts.size());
  PartIndex index(result, left_out);
  for (eval::Part& part : parts) {
    const std::size_t place = applies(part.box) ? index.find_or_add(part, result.size()) : result.size();
    if (place == result.size()) {
      result.push_back(std::move(part));
      continue;
    }
    eval::Part& into = result[place];
    take(into.box, std::move(part.box));
    if (!into.implied) into.rules.insert(into.rules.end(), part.rules.begin(), part.rules.end());  // else they are equal
  }
  for (eval::Part& part : result) {
    if (!std::is_sorted(part.rules.begin(), part.rules.end())) std::sort(part.rules.begin(), part.rules.end());
    part.rules.erase(std::unique(part.rules.begin(), part.rules.end()), part.rules.end());
  }
  return result;
}

}  // namespace polc::opt
