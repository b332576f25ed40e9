// The architectures that an option adds: no policy was compiled for them, so a policy's calls are meant as they are
// there.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "eval/argument_sets.hpp"
#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "seccomp/choices.hpp"
#include "seccomp/read.hpp"
#include "seccomp/registers.hpp"
#include "seccomp/symbolic.hpp"

namespace polc::seccomp {
namespace {

using sets::ArgumentSpace;

class Elsewhere {
 public:
  Elsewhere(const Listing& listing, const target::Source& source, Arch arch, const Choices& choices)
      : listing_(listing),
        source_(source),
        arch_(arch),
        choices_(choices),
        symbolic_(listing.program, knowledge::is_big_endian(arch), knowledge::register_bits(arch) == 64,
                  action::kill_process) {
    for (const eval::Part& part : source.parts)
      if (const auto* box = std::get_if<ir::CallBox>(&part.box))
        for (const CallId call : box->calls) parts_[call].push_back({part.effect, &box->where});
  }

  std::optional<target::ReadError> run(const std::vector<Cell>& cells) {
    const std::uint32_t audit = knowledge::audit_arch(arch_);
    for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
      const CallId call{static_cast<std::uint16_t>(i)};
      const auto number = knowledge::number_of(arch_, call);
      if (!number) continue;
      const auto cell = std::find_if(cells.begin(), cells.end(), [&](const Cell& c) {
        return c.arch_low <= audit && audit <= c.arch_high && c.number_low <= *number && *number <= c.number_high;
      });
      if (auto error = compare(call, *cell)) return error;
    }
    return std::nullopt;
  }

 private:
  struct Said {
    ir::Effect effect;
    const ir::Condition* where;
  };

  std::optional<target::ReadError> compare(CallId call, const Cell& cell) {
    symbolic_.start_afresh_if_large();
    ArgumentSpace& space = *symbolic_.space();
    const auto answers = symbolic_.answers(cell);
    if (space.exhausted()) return too_large(call, listing_.lines[cell.place]);
    const std::string_view name = knowledge::call_of(Os::linux_os, call).name;
    if (!answers)
      return target::ReadError{listing_.lines[symbolic_.failed_at()],
                               fmt::format("what {} meets on {} cannot be followed", name, name_of(arch_))};
    const auto allowed = answers->find(action::allow);
    const auto found = allowed == answers->end() ? ArgumentSpace::none : allowed->second;
    const auto can_be = possible(space);
    const auto wanted = space.disjunction(meant(call, space), launch(call, space));
    const bool is_equal = found == wanted || space.conjunction(found, can_be) == space.conjunction(wanted, can_be);
    if (space.exhausted()) return too_large(call, listing_.lines[cell.place]);
    if (is_equal) return std::nullopt;
    return target::ReadError{listing_.lines[cell.decided],
                             fmt::format("on {} it says something else of {}", name_of(arch_), name)};
  }

  // What asks for an argument that cannot be seen allows nothing, and refuses everything.
  ArgumentSpace::Set meant(CallId call, ArgumentSpace& space) const {
    auto allowed = ArgumentSpace::none, denied = ArgumentSpace::none;
    const auto said = parts_.find(call);
    if (said == parts_.end()) return allowed;
    for (const auto& [effect, where] : said->second) {
      const bool is_allow = effect == ir::Effect::allow;
      const auto there = on_registers(*where, call, arch_);
      const auto set = there ? eval::argument_set(space, *there) : is_allow ? ArgumentSpace::none : ArgumentSpace::all;
      (is_allow ? allowed : denied) = space.disjunction(is_allow ? allowed : denied, set);
    }
    return space.difference(allowed, denied);
  }

  ArgumentSpace::Set launch(CallId call, ArgumentSpace& space) const {
    if (!is_launch(choices_, call)) return ArgumentSpace::none;
    const auto there = on_registers(choices_.launch->where, call, arch_);
    return there ? eval::argument_set(space, *there) : ArgumentSpace::none;
  }

  // Registers of 32 bits have no high halves.
  ArgumentSpace::Set possible(ArgumentSpace& space) const {
    auto all = ArgumentSpace::all;
    if (knowledge::register_bits(arch_) == 64) return all;
    for (unsigned i = 0; i < 6; ++i)
      all = space.conjunction(all, space.compare(i, 0xFFFF'FFFF'0000'0000u, sets::Compare::equal, 0));
    return all;
  }

  const Listing& listing_;
  const target::Source& source_;
  Arch arch_;
  const Choices& choices_;
  Symbolic symbolic_;
  std::map<CallId, std::vector<Said>> parts_;
};

}  // namespace

std::optional<target::ReadError> error_elsewhere(std::string_view text, const target::Source& source,
                                                 const target::Settings& settings) {
  const std::vector<Arch> archs = architectures(source.policy.configuration, settings);
  if (archs.size() < 2 || settings.format == "oci") return std::nullopt;
  const auto listing = listing_from(text, settings.format);
  if (!listing) return listing.error();
  const auto cells = Symbolic(listing->program, false, true, 0).cells();
  const Choices choices = choices_of(source.policy.configuration, settings);
  for (std::size_t i = 1; cells && i < archs.size(); ++i)
    if (auto error = Elsewhere(*listing, source, archs[i], choices).run(*cells)) return error;
  return std::nullopt;
}

}  // namespace polc::seccomp
