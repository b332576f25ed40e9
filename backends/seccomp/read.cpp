// What a filter means on one architecture: for each call which arguments it permits and how it answers the others, told
// of all arguments at once (symbolic.hpp). What it merely logs is not permitted in the policy's sense.
#include "seccomp/read.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "knowledge/call_numbers.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "seccomp/choices.hpp"
#include "seccomp/oci.hpp"
#include "seccomp/read_gaps.hpp"
#include "seccomp/registers.hpp"
#include "seccomp/symbolic.hpp"
#include "target/features.hpp"
#include "target/inherited.hpp"
#include "target/ways.hpp"

namespace polc::seccomp {
namespace {

using sets::ArgumentSpace;

struct NumberedCall {
  std::uint32_t number = 0;
  CallId call;
};

std::vector<NumberedCall> calls_of(Arch arch) {
  std::vector<NumberedCall> calls;
  for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i) {
    const CallId call{static_cast<std::uint16_t>(i)};
    if (const auto number = knowledge::number_of(arch, call)) calls.push_back({*number, call});
  }
  std::sort(calls.begin(), calls.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return calls;
}

/// Parts that grow call by call: those of one line that ask the same of the arguments are one.
class Parts {
 public:
  void add(CallId call, unsigned line, std::uint8_t plane, ir::Effect effect,
           const std::shared_ptr<ArgumentSpace>& space, ArgumentSpace::Set set) {
    if (set == ArgumentSpace::none) return;
    const bool is_whole = set == ArgumentSpace::all;
    const Key key{line, plane, effect, is_whole ? nullptr : space.get(), set};
    const auto [at, is_new] = places_.try_emplace(key, parts_.size());
    if (is_new) {
      ir::CallBox box;
      if (!is_whole) box.where.kind = ir::Condition::Kind::exact, box.where.exact = {space, set};
      parts_.push_back({effect, std::move(box), {}, false, 0, plane, line});
    }
    std::get<ir::CallBox>(parts_[at->second].box).calls.push_back(call);
  }

  std::vector<eval::Part> take() {
    for (eval::Part& part : parts_) {
      auto& calls = std::get<ir::CallBox>(part.box).calls;
      std::sort(calls.begin(), calls.end());
    }
    return std::move(parts_);
  }

 private:
  using Key = std::tuple<unsigned, std::uint8_t, ir::Effect, const ArgumentSpace*, ArgumentSpace::Set>;
  std::map<Key, std::size_t> places_;
  std::vector<eval::Part> parts_;
};

/// What a call meets: `line` of the test that settles it by its number, or of the first of its arguments.
struct Met {
  CallId call;
  unsigned line = 0;
  bool moved = false;  // its arguments lie elsewhere than in registers of their numbers
};

class FilterReading {
 public:
  FilterReading(const Listing& listing, Arch arch, std::vector<Arch> served)
      : listing_(listing),
        arch_(arch),
        served_(std::move(served)),
        is_narrow_(knowledge::register_bits(arch) == 32),
        symbolic_(listing.program, knowledge::is_big_endian(arch), !is_narrow_, action::kill_process) {}

  target::Read run(const target::Settings& settings) {
    const auto cells = symbolic_.cells();
    if (!cells) return tl::unexpected(unreadable("the dispatch of the filter is not one that can be followed"));
    calls_ = calls_of(arch_);
    const std::uint32_t audit = knowledge::audit_arch(arch_);
    for (const Cell& cell : *cells)
      if (cell.arch_low <= audit && audit <= cell.arch_high)
        if (auto error = read(cell)) return tl::unexpected(*std::move(error));
    Gaps gaps(listing_, arch_, served_);
    if (!gaps.add_all(*cells)) return tl::unexpected(unreadable(gaps.failure()));
    std::set<target::Directive> directives = gaps.take();
    directives.insert(listing_.directives.begin(), listing_.directives.end());
    return target::Reading{permitted(settings), answers(), std::move(directives)};
  }

 private:
  target::ReadError unreadable(std::string message) const {
    return {listing_.lines[symbolic_.failed_at()], std::move(message)};
  }

  std::optional<target::ReadError> read(const Cell& cell) {
    auto call = std::lower_bound(calls_.begin(), calls_.end(), cell.number_low,
                                 [](const NumberedCall& c, std::uint32_t number) { return c.number < number; });
    if (call == calls_.end() || call->number > cell.number_high) return std::nullopt;
    symbolic_.start_afresh_if_large();
    const auto answers = symbolic_.answers(cell);
    if (symbolic_.space()->exhausted()) return too_large(call->call, listing_.lines[cell.place]);
    if (!answers)
      return unreadable(fmt::format("what {} meets on {} cannot be followed",
                                    knowledge::call_of(Os::linux_os, call->call).name, name_of(arch_)));
    const unsigned line = line_of(cell);
    for (; call != calls_.end() && call->number <= cell.number_high; ++call)
      if (!add({call->call, line, !has_plain_registers(call->call, arch_)}, *answers))
        return too_large(call->call, line);
    return std::nullopt;
  }

  unsigned line_of(const Cell& cell) const {
    const Program& program = listing_.program;
    std::size_t at = cell.decided;
    if (program[cell.place].code != op::answer) {
      at = cell.place;
      while ((program[at].code & 7) != 5 && program[at].code != op::answer) ++at;
      if (program[at].code == op::always || program[at].code == op::answer) at = cell.place;
    }
    return listing_.lines[at];
  }

  // False: the sets have grown too large.
  bool add(const Met& met, const Answers& answers) {
    const auto& space = symbolic_.space();
    ArgumentSpace::Set usual = ArgumentSpace::all;
    for (const auto& [action, set] : answers) {
      usual = space->difference(usual, set);
      add(met, action, set);
    }
    add(met, action::kill_process, usual);
    return !space->exhausted();
  }

  void add(const Met& met, Action action, ArgumentSpace::Set registers) {
    if (registers == ArgumentSpace::none) return;
    const auto& space = symbolic_.space();
    const bool is_whole = registers == ArgumentSpace::all;
    auto set = registers;
    if (met.moved && !is_whole) {
      const auto places = arguments_behind(met.call, arch_);
      set = space->import(*space, registers, &places);
    }
    const bool permits = (action & 0xFFFF'0000u) == action::allow;
    if (permits && is_narrow_ && !is_whole) {
      // What no register can carry happens to nobody: it is neither possible nor missed.
      const auto can_be = carried(*space, met.call, arch_);
      parts_.add(met.call, met.line, 1, ir::Effect::allow, space, space->complement(can_be));
      set = space->conjunction(set, can_be);
    }
    parts_.add(met.call, met.line, 0, permits ? ir::Effect::allow : ir::Effect::deny, space, set);
    if (!permits) answers_[action].add(met.call, met.line, 0, ir::Effect::allow, space, set);
  }

  eval::Meaning permitted(const target::Settings& settings) {
    std::vector<eval::Part> read = parts_.take();
    std::vector<eval::Part> parts = unseen_parts(arch_, read);
    const bool has_planes =
        std::any_of(read.begin(), read.end(), [](const eval::Part& part) { return part.plane != 0; });
    parts.insert(parts.end(), std::make_move_iterator(read.begin()), std::make_move_iterator(read.end()));
    eval::Formulas formulas;
    if (has_planes) formulas.sure = {{0}, {1}};
    target::add_losing(settings, 2, parts, formulas);
    return eval::make_meaning(std::move(parts), Os::linux_os, false, std::move(formulas));
  }

  std::vector<target::Answer> answers() {
    std::vector<target::Answer> result;
    for (auto& [action, parts] : answers_)
      result.push_back(
          {answer_words(action, arch_), severity_of(action), eval::make_meaning(parts.take(), Os::linux_os, false)});
    return result;
  }

  const Listing& listing_;
  Arch arch_;
  std::vector<Arch> served_;
  bool is_narrow_;
  Symbolic symbolic_;
  std::vector<NumberedCall> calls_;
  Parts parts_;
  std::map<Action, Parts> answers_;
};

}  // namespace

std::string answer_words(Action action, Arch arch) {
  const std::uint32_t data = action & 0xFFFFu;
  switch (action & 0xFFFF'0000u) {
    case action::allow: return "allow";
    case action::log: return "log";
    case action::kill_process: return "kill the process";
    case action::kill_thread: return "kill the thread";
    case action::user_notify: return "notify";
    case action::trace: return fmt::format("trace {}", data);
    case action::trap: return fmt::format("trap {}", data);
    case action::errno_base: break;
    default: return fmt::format("{:#x}", action);
  }
  if (const auto name = knowledge::find_errno_name(Os::linux_os, arch, data)) return std::string(*name);
  return fmt::format("errno {}", data);
}

// linux/seccomp.h lists the actions from the most severe on, and compares their upper halves as signed numbers.
int severity_of(Action action) { return -(static_cast<std::int32_t>(action & 0xFFFF'0000u) / 0x1'0000); }

std::vector<eval::Part> unseen_parts(Arch arch, std::span<const eval::Part> calls) {
  std::vector<eval::Part> parts;
  const auto add = [&](ir::Box box) { parts.push_back({ir::Effect::allow, std::move(box), {}, false}); };
  for (ir::Box& box : target::permitted_by_ways(calls, Os::linux_os, arch)) add(std::move(box));
  add(ir::CapabilityBox{~std::uint64_t{0}});
  ir::CallBox lacking;
  for (std::size_t i = 0; i < knowledge::calls_of(Os::linux_os).size(); ++i)
    if (const CallId call{static_cast<std::uint16_t>(i)}; !knowledge::number_of(arch, call))
      lacking.calls.push_back(call);
  if (!lacking.calls.empty()) add(std::move(lacking));
  return parts;
}

target::ReadError too_large(CallId call, unsigned line) {
  return {line,
          fmt::format("the conditions on {} need exact sets of more than {} nodes",
                      knowledge::call_of(Os::linux_os, call).name, ArgumentSpace::most_nodes),
          target::ReadError::Kind::too_complex};
}

std::vector<Arch> architectures(const ir::Configuration& configuration, const target::Settings& settings) {
  return choices_of(configuration, settings).archs;
}

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  if (settings.format == "oci") return read_oci(text, configuration, settings);
  const auto listing = listing_from(text, settings.format);
  if (!listing) return tl::unexpected(listing.error());
  return FilterReading(*listing, configuration.arch, architectures(configuration, settings)).run(settings);
}

}  // namespace polc::seccomp
