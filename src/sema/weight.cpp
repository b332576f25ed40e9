#include "sema/weight.hpp"

#include "support/overloaded.hpp"

namespace polc::sema {
namespace {

std::uint64_t weight_of(const ir::Condition& condition) {
  std::uint64_t weight = 1;
  for (const ir::Condition& term : condition.terms) weight += weight_of(term);
  return weight;
}

}  // namespace

std::uint64_t weight_of(const ir::Box& box) {
  return std::visit(
      Overloaded{[](const ir::FileBox& b) { return 1 + b.places.size() + b.requests.intervals().size(); },
                 [](const ir::PairBox& b) { return 1 + b.from.size() + b.to.size(); },
                 [](const ir::NetBox& b) {
                   return 1 + b.ip4.intervals().size() + b.ip6.intervals().size() + b.ports.intervals().size() +
                          b.paths.size() + b.abstracts.size();
                 },
                 [](const ir::CallBox& b) { return b.calls.size() + weight_of(b.where); },
                 [](const ir::IdentityBox& b) { return 1 + b.ids.intervals().size() + b.accounts.size(); },
                 [](const ir::CapabilityBox&) { return std::uint64_t{1}; },
                 [](const ir::PeerBox& b) { return 1 + b.peers.size(); }},
      box);
}

}  // namespace polc::sema
