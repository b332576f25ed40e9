// On x86 and s390x socketcall and ipc make other calls, whose arguments lie in memory. What the policy says of those arguments
// holds for the calls themselves and for nobody who goes the other way.
#include "diag/lint_catalogue.hpp"
#include "knowledge/call_traits.hpp"
#include "knowledge/calls.hpp"
#include "lint/checks.hpp"

namespace polc::lint {
namespace {

// The way through is open, whatever the arguments in memory.
std::optional<ir::Point> way_through(const Subject& subject, const knowledge::Multiplexed& how) {
  ir::Condition chooses{ir::Condition::Kind::test, {0, how.mask, sets::Compare::equal, how.selector, 64, false}, {}};
  return ask::shared(subject.meaning, ask::set_of({ir::CallBox{{how.through}, std::move(chooses)}}, subject.os()), subject.budget);
}

}  // namespace

void find_multiplexers(const Subject& subject) {
  if (subject.os() != Os::linux_os) return;
  for (const std::string_view name : {"socket", "socketpair", "sendto", "setsockopt", "getsockopt", "shmat", "shmget", "semget", "msgget"}) {
    const auto call = knowledge::find_call(subject.os(), name);
    const auto how = call ? knowledge::multiplexed(subject.arch(), *call) : std::nullopt;
    if (!how) continue;
    const eval::Meaning whole = ask::set_of({ask::whole_call(*call)}, subject.os());
    // Wholly open or wholly closed: then no argument is told from another.
    if (!ask::missing(whole, subject.meaning, subject.budget) || !ask::shared(whole, subject.meaning, subject.budget)) continue;
    if (const auto open = way_through(subject, *how))
      add_at(subject, diag::multiplexer, *open, std::string(knowledge::call_of(subject.os(), how->through).name) + "` makes `" + std::string(name));
  }
}

}  // namespace polc::lint
