// setuid and setgid; signal and ptrace.
#include <algorithm>
#include <array>

#include "diag/catalogue.hpp"
#include "knowledge/names.hpp"
#include "sema/access.hpp"
#include "sema/other_names.hpp"
#include "sema/suggest.hpp"
#include "sema/text.hpp"
#include "sema/values.hpp"
#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

constexpr std::uint64_t highest_id = sets::NumberSet::maximum;

// Rows for `signal` and `ptrace`: the bit's number.
constexpr std::array ptrace_rights{knowledge::NamedNumber{"read", 0}, knowledge::NamedNumber{"trace", 1}};
static_assert(ir::ptrace_read == 1u << 0 && ir::ptrace_trace == 1u << 1);

class IdentityLowering {
 public:
  IdentityLowering(const ast::IdentityAccess& access, const Context& context)
      : access_(access), context_(context), is_group_(access.verb.text == "setgid") {}

  ir::IdentityBox run() {
    for (const Leaf& leaf : leaves_of(access_.value, context_.scope, sink())) add(leaf);
    ir::IdentityBox box;
    box.kind = is_group_ ? ir::IdentityKind::group : ir::IdentityKind::user;
    box.ids = any_ ? sets::NumberSet::all() : sets::NumberSet::from(std::move(ids_));
    std::sort(accounts_.begin(), accounts_.end());
    accounts_.erase(std::unique(accounts_.begin(), accounts_.end()), accounts_.end());
    if (!any_) box.accounts = std::move(accounts_);
    return box;
  }

 private:
  diag::Sink& sink() const { return context_.sink; }
  std::string_view wanted() const { return is_group_ ? "a group" : "a user"; }

  void add(const Leaf& leaf) {
    std::visit(Overloaded{[&](const ast::NumberRange& range) { add(range, leaf); },
                          [&](const ast::Account* account) { add(*account, leaf); },
                          [&](const ast::Address* address) { add(*address, leaf); },
                          [&](const ast::String*) { report_wrong_kind(leaf, wanted(), sink()); },
                          [&](const ast::Alternatives*) { report_wrong_kind(leaf, wanted(), sink()); }},
               leaf.value);
  }

  void add(const ast::NumberRange& range, const Leaf& leaf) {
    const ast::Integer& high = range.high.value_or(range.low);
    if (high.value > highest_id) sink().add(diag::id_too_large, leaf.used);
    ids_.push_back({cut(range.low.value), cut(high.value)});
  }

  void add(const ast::Account& account, const Leaf& leaf) {
    if (account.is_group != is_group_) return report_wrong_kind(leaf, wanted(), sink());
    auto name = plain_text_of(account.name, *leaf.scope, sink());
    if (!name) return;
    if (account.id && account.id->value > highest_id) sink().add(diag::id_too_large, account.id->range);
    accounts_.push_back({std::move(*name), account.id.has_value(), account.id ? cut(account.id->value) : 0});
  }

  void add(const ast::Address& address, const Leaf& leaf) {
    const auto* any = std::get_if<ast::AnyAddress>(&address.value);
    if (any != nullptr && *any == ast::AnyAddress::any && leaf.ports == nullptr) any_ = true;
    else report_wrong_kind(leaf, wanted(), sink());
  }

  static std::uint32_t cut(std::uint64_t id) { return static_cast<std::uint32_t>(std::min(id, highest_id)); }

  const ast::IdentityAccess& access_;
  const Context& context_;
  bool is_group_;
  bool any_ = false;
  std::vector<sets::Interval<std::uint32_t>> ids_;
  std::vector<ir::Account> accounts_;
};

// The bits that the names stand for; `any` is all of them, also those without a name.
std::uint64_t bits_of(const ast::PeerAccess& access, std::span<const knowledge::NamedNumber> known, std::uint64_t all,
                      diag::Sink& sink) {
  std::uint64_t bits = 0;
  for (const ast::Name& name : access.what) {
    const auto row = std::find_if(known.begin(), known.end(), [&](const auto& r) { return r.name == name.text; });
    if (name.text == "any") {
      bits |= all;
    } else if (row != known.end()) {
      bits |= std::uint64_t{1} << row->value;
    } else {
      suggest(sink.add(diag::unknown_member, name.range, access.verb.text, name.text), name.range,
              nearest_of(folded(name.text, "sig"), known, sink));
    }
  }
  return bits;
}

void add_peer(const ast::Name& name, const Context& context, ir::PeerBox& box) {
  if (name.text == "any") box.any_peer = true;
  else if (name.text == "self") box.peers.push_back({ir::Peer::Kind::self, ""});
  else if (name.text == "children") box.peers.push_back({ir::Peer::Kind::children, ""});
  else if (context.names.has_policy(name.text)) box.peers.push_back({ir::Peer::Kind::policy, name.text});
  else {
    auto known = context.names.policies();
    known.insert(known.end(), {"self", "children", "any"});
    suggest(context.sink.add(diag::undeclared_policy, name.range, name.text), name.range,
            nearest_of(name.text, known, context.sink));
  }
}

}  // namespace

void lower(const ast::IdentityAccess& access, const Context& context, Boxes& boxes) {
  ir::IdentityBox box = IdentityLowering(access, context).run();
  if (!box.ids.empty() || !box.accounts.empty()) boxes.emplace_back(std::move(box), ir::LeftOut{});
}

void lower(const ast::PeerAccess& access, const Context& context, Boxes& boxes) {
  const bool is_signal = access.verb.text == "signal";
  ir::PeerBox box;
  box.kind = is_signal ? ir::PeerKind::signal : ir::PeerKind::ptrace;
  box.what = is_signal ? bits_of(access, knowledge::signals_of(context.os()), ~std::uint64_t{0}, context.sink)
                       : bits_of(access, ptrace_rights, ir::ptrace_read | ir::ptrace_trace, context.sink);
  for (const ast::Name& name : access.peers) add_peer(name, context, box);
  std::sort(box.peers.begin(), box.peers.end());
  box.peers.erase(std::unique(box.peers.begin(), box.peers.end()), box.peers.end());
  if (box.any_peer) box.peers.clear();
  if (box.what != 0) boxes.emplace_back(std::move(box), ir::LeftOut{});
}

}  // namespace polc::sema
