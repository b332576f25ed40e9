#include <fmt/format.h>

#include <algorithm>

#include "format/accesses.hpp"
#include "format/condition.hpp"
#include "format/net_words.hpp"
#include "format/raise.hpp"
#include "format/words.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "knowledge/verb_words.hpp"
#include "support/overloaded.hpp"

namespace polc::format {
namespace {

using Strings = std::vector<std::string>;
constexpr FileVerbs verbs_with_mode{FileVerb::create, FileVerb::chmod};

// `tree P` for P and P/** side by side, as it was written or might have been.
std::string places_text(const std::vector<sets::PathPattern>& places) {
  const auto has = [&](const sets::PathPattern& p) {
    return std::find(places.begin(), places.end(), p) != places.end();
  };
  Strings out;
  for (const sets::PathPattern& place : places) {
    if (!place.ends_in_below()) {
      out.push_back((has(place.with_below()) ? "tree " : "") + quoted(place));
      continue;
    }
    sets::PathPattern top = place;
    top.components.pop_back();
    if (!has(top)) out.push_back(quoted(place));
  }
  return joined(out);
}

std::string types_text(FileTypes types, const Given& given) {
  return given.type || !types.is_all() ? type_text(types) : "";
}

// One access names one owner, so several take several accesses.
Strings owner_texts(const ir::OwnerSet& owners) {
  if (owners.any) return {""};
  Strings out;
  if (owners.self) out.emplace_back(" owner self");
  for (const std::string& name : owners.names) out.push_back(" owner " + quoted(name));
  return out;
}

// Names for every request that has one. A set without any is said by the verb alone, which is wider.
std::string requests_text(Os os, const sets::NumberSet& requests) {
  Strings names;
  sets::NumberSet done;
  if (requests.is_all()) return "";
  for (const knowledge::NamedNumber& constant : knowledge::constants_of(os)) {
    const auto number = static_cast<std::uint32_t>(constant.value);
    if (constant.value != number || !requests.contains(number) || done.contains(number)) continue;
    done = done | sets::NumberSet::of(number);
    names.emplace_back(*find_request_name(os, number));
  }
  return names.empty() ? "" : " request " + joined(names);
}

Strings successor_texts(const std::vector<ir::Successor>& successors) {
  Strings out;
  for (const ir::Successor& successor : successors) {
    switch (successor.kind) {
      case ir::Successor::Kind::same: out.emplace_back(); break;
      case ir::Successor::Kind::unconfined: out.emplace_back(" -> unconfined"); break;
      case ir::Successor::Kind::policy: out.push_back(" -> " + successor.policy); break;
    }
  }
  return out.empty() ? Strings{""} : out;
}

Strings file_verb_texts(FileVerbs verbs) {
  if (!verbs.includes(knowledge::modifying_verbs)) return verb_texts(verbs);
  Strings out = verb_texts(verbs - knowledge::modifying_verbs);
  out.insert(out.begin() + (verbs.contains(FileVerb::read) ? 1 : 0), "modify");
  return out;
}

// Qualifiers bind one verb or two: these get accesses of their own when their qualifier says something.
Strings file_accesses(Os os, const ir::FileBox& box, const Given& given) {
  const std::string places = places_text(box.places);
  const std::string types = types_text(box.types, given);
  if (box.verbs.empty() || places.empty() || box.types.empty()) return {};
  Strings out;
  const auto add = [&](FileVerbs verbs, const std::string& arrow, const std::string& qualifier) {
    if (verbs.empty()) return;
    for (const std::string& owner : owner_texts(box.owners))
      out.push_back(fmt::format("{} {}{}{}{}{}", joined(file_verb_texts(verbs)), places, arrow, types, owner, qualifier));
  };
  const bool has_mode = given.mode || box.mode != ir::all_mode_bits;
  const bool has_request = given.request || !box.requests.is_all();
  const bool has_successor = !given.left_out_successor && box.successors != std::vector{ir::Successor{}};
  FileVerbs special;
  if (has_mode) special = special | (box.verbs & verbs_with_mode);
  if (has_request) special = special | (box.verbs & FileVerbs{FileVerb::ioctl});
  if (has_successor) special = special | (box.verbs & FileVerbs{FileVerb::exec});
  add(box.verbs - special, "", "");
  add(special & verbs_with_mode, "", " mode " + mode_text(box.mode));
  add(special & FileVerbs{FileVerb::ioctl}, "", requests_text(os, box.requests));
  if (special.contains(FileVerb::exec))
    for (const std::string& successor : successor_texts(box.successors)) add({FileVerb::exec}, successor, "");
  return out;
}

Strings pair_accesses(const ir::PairBox& box, const Given& given) {
  const std::string from = places_text(box.from);
  if (box.verbs.empty() || box.types.empty() || from.empty()) return {};
  const std::string verbs = joined(verb_texts(box.verbs));
  const std::string types = types_text(box.types, given);
  Strings out;
  for (const std::string& owner : owner_texts(box.owners)) {
    // Without an arrow both names lie in the set; behind one stands a single pattern.
    if (box.from == box.to) out.push_back(fmt::format("{} {}{}{}", verbs, from, types, owner));
    else
      for (const sets::PathPattern& to : box.to)
        out.push_back(fmt::format("{} {} -> {}{}{}", verbs, from, quoted(to), types, owner));
  }
  return out;
}

Strings call_accesses(Os os, const ir::CallBox& box) {
  if (box.calls.empty()) return {};
  Strings names;
  const bool is_any = box.calls.size() == knowledge::calls_of(os).size();
  if (is_any) names.emplace_back("any");
  for (const CallId call : is_any ? std::vector<CallId>{} : box.calls) names.emplace_back(knowledge::call_of(os, call).name);
  const std::string where = box.where.is_always() ? "" : " where " + condition_text(os, box.calls, box.where);
  return {fmt::format("syscall {}{}", joined(names), where)};
}

Strings identity_accesses(const ir::IdentityBox& box) {
  const std::string_view verb = box.kind == ir::IdentityKind::user ? "setuid" : "setgid";
  if (box.ids.is_all()) return {fmt::format("{} any", verb)};
  Strings values = range_texts(box.ids);
  for (const ir::Account& account : box.accounts) values.push_back(account_text(box.kind, account));
  if (values.empty()) return {};
  const bool is_one =
      values.size() == 1 && (box.ids.empty() || box.ids.intervals()[0].low == box.ids.intervals()[0].high);
  return {is_one ? fmt::format("{} {}", verb, values[0]) : fmt::format("{} {{ {} }}", verb, joined(values))};
}

// The names of the set bits, one a bit; `any` when a bit has no name.
Strings bit_names(std::span<const knowledge::NamedNumber> names, std::uint64_t bits) {
  Strings out;
  std::uint64_t left = bits;
  for (const knowledge::NamedNumber& candidate : names) {
    if (candidate.value > 63 || ((left >> candidate.value) & 1u) == 0) continue;
    left &= ~(std::uint64_t{1} << candidate.value);
    out.emplace_back(candidate.name);
  }
  return left != 0 ? Strings{"any"} : out;
}

Strings peer_accesses(Os os, const ir::PeerBox& box) {
  constexpr knowledge::NamedNumber ptrace_names[]{{"read", 0}, {"trace", 1}};
  const bool is_signal = box.kind == ir::PeerKind::signal;
  const Strings what = is_signal ? bit_names(knowledge::signals_of(os), box.what) : bit_names(ptrace_names, box.what);
  Strings peers;
  for (const ir::Peer& peer : box.peers) {
    switch (peer.kind) {
      case ir::Peer::Kind::self: peers.emplace_back("self"); break;
      case ir::Peer::Kind::children: peers.emplace_back("children"); break;
      case ir::Peer::Kind::policy: peers.push_back(peer.policy); break;
      case ir::Peer::Kind::other: peers.emplace_back("any"); break;
    }
  }
  if (box.any_peer) peers = {"any"};
  if (what.empty() || peers.empty()) return {};
  return {fmt::format("{} {} to {}", is_signal ? "signal" : "ptrace", joined(what), joined(peers))};
}

Strings capability_accesses(const ir::CapabilityBox& box) {
  const Strings names = bit_names(knowledge::capabilities(), box.capabilities);
  return names.empty() ? Strings{} : Strings{"capability " + joined(names)};
}

// The boxes of `any TYPE` differ in the family alone. Netlink has two types only, so the word may stand for five.
bool is_of_any(const ir::NetBox& box, const ir::NetBox& model) {
  const SocketTypes types = box.family == Family::netlink && !model.types.is_all() ? model.types & knowledge::netlink_types : model.types;
  return box.verbs == model.verbs && box.types == types && has_every_address(box);
}

// `VERBS any` has the six families, of one type where it names one.
bool are_all_families(std::uint32_t families, SocketTypes types) {
  const std::uint32_t netlink = 1u << static_cast<unsigned>(Family::netlink);
  if ((types & knowledge::netlink_types).empty()) families |= netlink;
  return families == (1u << count_of(Family{})) - 1;
}

std::string any_text(const ir::NetBox& model) {
  return joined(verb_texts(model.verbs)) + " any" + type_suffixes(model.types).front();
}

// The places of the boxes that together are `VERBS any`, starting from `first`; none: the word does not fit.
std::vector<std::size_t> whole_families(const std::vector<const ir::Box*>& boxes, std::size_t first) {
  const auto* model = std::get_if<ir::NetBox>(boxes[first]);
  std::vector<std::size_t> found;
  std::uint32_t families = 0;
  if (model == nullptr || type_suffixes(model->types).size() != 1) return {};
  for (std::size_t i = first; i < boxes.size(); ++i) {
    const auto* box = std::get_if<ir::NetBox>(boxes[i]);
    if (box == nullptr || !is_of_any(*box, *model)) continue;
    const std::uint32_t bit = 1u << static_cast<unsigned>(box->family);
    if ((families & bit) == 0) found.push_back(i);
    families |= bit;
  }
  return are_all_families(families, model->types) ? found : std::vector<std::size_t>{};
}

}  // namespace

std::string type_text(FileTypes types) { return " type " + joined(verb_texts(types)); }

Given given_by(const ir::LeftOut& left_out) {
  return {!left_out.type,    !left_out.owner, !left_out.mode,     !left_out.request,
          !left_out.address, !left_out.port,  left_out.successor, left_out.address && left_out.port};
}

std::vector<std::string> accesses_of(Os os, const ir::Box& box, const Given& given) {
  return std::visit(Overloaded{[&](const ir::FileBox& b) { return file_accesses(os, b, given); },
                               [&](const ir::PairBox& b) { return pair_accesses(b, given); },
                               [&](const ir::NetBox& b) { return net_accesses(b, given); },
                               [&](const ir::CallBox& b) { return call_accesses(os, b); },
                               [&](const ir::IdentityBox& b) { return identity_accesses(b); },
                               [&](const ir::CapabilityBox& b) { return capability_accesses(b); },
                               [&](const ir::PeerBox& b) { return peer_accesses(os, b); }},
                    box);
}

std::vector<std::string> accesses_of(Os os, const std::vector<const ir::Box*>& boxes, const std::vector<Given>& given) {
  std::vector<std::string> out;
  std::vector<bool> said(boxes.size());
  const auto add = [&](std::string text) {
    if (std::find(out.begin(), out.end(), text) == out.end()) out.push_back(std::move(text));
  };
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    if (said[i]) continue;
    const std::vector<std::size_t> families = whole_families(boxes, i);
    if (!families.empty()) {
      add(any_text(std::get<ir::NetBox>(*boxes[i])));
      for (const std::size_t place : families) said[place] = true;
      continue;
    }
    for (std::string& text : accesses_of(os, *boxes[i], given[i])) add(std::move(text));
  }
  return out;
}

std::vector<std::string> access_texts(Os os, const ir::Box& box) { return accesses_of(os, box, nothing_given); }
std::vector<std::string> access_texts(Os os, const std::vector<ir::Box>& boxes) {
  std::vector<const ir::Box*> all;
  for (const ir::Box& box : boxes) all.push_back(&box);
  return accesses_of(os, all, std::vector<Given>(boxes.size()));
}
std::string string_text(std::string_view bytes) { return quoted(bytes); }
std::string path_text(std::string_view bytes) { return quoted_path(bytes); }
std::string word_text(std::string_view word) { return is_bare_word(word) ? std::string(word) : quoted(word); }

std::string text_of(Os os, const ir::Box& box) { return joined(access_texts(os, box), "; "); }

}  // namespace polc::format
