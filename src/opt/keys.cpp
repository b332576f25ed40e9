#include "opt/keys.hpp"

#include <algorithm>
#include <unordered_map>

#include "support/overloaded.hpp"

namespace polc::opt {
namespace {

// Every field with its length in front of it, so that no two boxes run into one another.
class Key {
 public:
  Key& number(std::uint64_t value) {
    text_.append(reinterpret_cast<const char*>(&value), sizeof value);
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
    for (const auto& place : places) words(place.text());
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
      number(c.test.width).number(c.test.is_signed);
    }
    number(c.terms.size());
    for (const auto& term : c.terms) condition(term);
    return *this;
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
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

}  // namespace

std::string key_of(const eval::Part& part, Without left_out) {
  Key key;
  key.number(static_cast<std::uint64_t>(part.effect)).number(part.implied).number(part.box.index());
  // A call that rules only need says nothing of its own: united with another's it would be laid at the wrong rule's door.
  if (part.implied)
    for (const ir::RuleId rule : part.rules) key.number(rule.value);
  std::visit([&](const auto& box) { add(key, box, left_out); }, part.box);
  return key.take();
}

Parts merge_by_key(Parts parts, Without left_out, const std::function<bool(const ir::Box&)>& applies,
                   const std::function<void(ir::Box&, ir::Box&&)>& take) {
  std::unordered_map<std::string, std::size_t> first;  // asked by key only, never walked
  Parts result;
  result.reserve(parts.size());
  for (eval::Part& part : parts) {
    if (!applies(part.box)) {
      result.push_back(std::move(part));
      continue;
    }
    const auto [place, is_new] = first.emplace(key_of(part, left_out), result.size());
    if (is_new) {
      result.push_back(std::move(part));
      continue;
    }
    eval::Part& into = result[place->second];
    take(into.box, std::move(part.box));
    into.rules.insert(into.rules.end(), part.rules.begin(), part.rules.end());
  }
  for (eval::Part& part : result) {
    if (!std::is_sorted(part.rules.begin(), part.rules.end())) std::sort(part.rules.begin(), part.rules.end());
    part.rules.erase(std::unique(part.rules.begin(), part.rules.end()), part.rules.end());
  }
  return result;
}

}  // namespace polc::opt
