// What a unit permits, as a set: each class of access by itself. Files, accounts, signals and tracing are not a unit's to see.
#include <algorithm>

#include "ir/conditions.hpp"
#include "knowledge/calls.hpp"
#include "knowledge/socket_numbers.hpp"
#include "systemd/read_unit.hpp"
#include "target/inherited.hpp"
#include "target/ways.hpp"

namespace polc::systemd {
namespace {

using sets::Compare;

// What is there with one version of systemd only is possible but not sure; so is where an exec leads that loses rights.
constexpr std::uint8_t later_plane = 1, losing_plane = 2;

ir::Condition test(std::uint8_t argument, std::uint64_t mask, Compare op, std::uint64_t value) {
  return ir::test_of({argument, mask, op, value});
}

class Builder {
 public:
  Builder(const Unit& unit, Arch arch)
      : unit_(unit), arch_(arch), sees_socket_(systemd::sees_socket(arch)), sees_mapping_(systemd::sees_mapping(arch)), creating_(arch == Arch::mips64 ? 0x100 : 0x40) {}

  void run() {
    calls();
    permitted_ = target::permitted_by_ways(parts, Os::linux_os, arch_);
    networks();
    capabilities();
    unseen();
  }

  std::vector<eval::Part> parts;

 private:
  void add(ir::Box box, unsigned line) {
    parts.push_back({ir::Effect::allow, std::move(box), {}, false});
    parts.back().line = line;
  }

  void calls() {
    const auto all = knowledge::calls_of(Os::linux_os);
    for (std::uint16_t id = 0; id < all.size(); ++id) {
      const auto found = unit_.calls.find(all[id].name);
      // A later systemd, or a later libseccomp under it, may know a name that 252 does not: it counts as whatever opens more.
      // Listed or not by the version: permitted by one of them.
      if (unit_.filters && unit_.later.contains(all[id].name)) {
        add_later(CallId{id});
        continue;
      }
      const bool is_named = found != unit_.calls.end() && (unit_.allows || is_known(all[id].name));
      if (unit_.filters && is_named != unit_.allows) continue;
      ir::CallBox box{{CallId{id}}, {}};
      if (restrict(all[id].name, box.where)) add(std::move(box), is_named ? found->second : 0);
    }
  }

  void add_later(CallId call) {
    ir::CallBox box{{call}, {}};
    if (!restrict(knowledge::call_of(Os::linux_os, call).name, box.where)) return;
    add(std::move(box), 0);
    parts.back().plane = later_plane;
  }

  // The filters that directives of their own make; false: all of the call is refused. Arguments are counted from 0, as in
  // systemd's seccomp-util.c.
  bool restrict(std::string_view call, ir::Condition& where) const {
    if (call == "socket" && sees_socket_ && unit_.filters_families) return restrict_families(where);
    if (unit_.namespaces != 0) {
      if (call == "clone3") return false;
      if (call == "clone" || call == "unshare") where.terms = {test(0, unit_.namespaces, Compare::equal, 0)};
      if (call == "setns") where.terms = {test(1, unit_.namespaces, Compare::equal, 0), test(1, 0xFFFF'FFFF, Compare::not_equal, 0)};
    }
    if (unit_.denies_write_execute && sees_mapping_) {
      if (call == "mmap" || call == "mmap2") where.terms = {test(2, 6, Compare::not_equal, 6)};  // PROT_WRITE | PROT_EXEC
      if (call == "mprotect" || call == "pkey_mprotect") where.terms = {test(2, 4, Compare::equal, 0)};
      if (call == "shmat") where.terms = {test(2, 0x8000, Compare::equal, 0)};  // SHM_EXEC
    }
    return !unit_.denies_set_id || restrict_modes(call, where);
  }

  // S_ISUID and S_ISGID: a file's mode, wherever it stands among the arguments, where O_CREAT comes before it.
  bool restrict_modes(std::string_view call, ir::Condition& where) const {
    if (call == "openat2") return false;
    struct Mode {
      std::string_view call;
      std::uint8_t argument;
    };
    for (const Mode& of : {Mode{"chmod", 1}, {"fchmod", 1}, {"fchmodat", 2}, {"fchmodat2", 2}, {"mkdir", 1}, {"mkdirat", 2}, {"mknod", 1}, {"mknodat", 2}, {"creat", 1}})
      if (of.call == call) where.terms = {test(of.argument, 0xC00, Compare::equal, 0)};
    for (const Mode& of : {Mode{"open", 2}, {"openat", 3}}) {
      if (of.call != call) continue;
      where.kind = ir::Condition::Kind::disjunction;
      where.terms = {test(static_cast<std::uint8_t>(of.argument - 1), creating_, Compare::equal, 0), test(of.argument, 0xC00, Compare::equal, 0)};
    }
    return true;
  }

  bool restrict_families(ir::Condition& where) const {
    if (unit_.allows_families && unit_.families.empty()) return false;
    where.kind = unit_.allows_families ? ir::Condition::Kind::disjunction : ir::Condition::Kind::conjunction;
    for (const auto& [number, line] : unit_.families)
      where.terms.push_back(test(0, 0xFFFF'FFFF, unit_.allows_families ? Compare::equal : Compare::not_equal, number));
    return true;
  }

  void networks() {
    for (const auto& [family, number] : knowledge::family_numbers) {
      const auto found = unit_.families.find(number);
      const bool is_named = found != unit_.families.end();
      if (!filters_families() || is_named == unit_.allows_families) add_sockets(family, is_named ? found->second : 0);
    }
    bool is_other_open = !filters_families() || !unit_.allows_families;
    unsigned line = 0;
    for (const auto& [number, named_at] : unit_.families) {
      if (knowledge::family_numbered(number) == Family::other && unit_.allows_families) is_other_open = true, line = named_at;
    }
    if (is_other_open) add_sockets(Family::other, line);
  }

  // What the calls let be done with them.
  void add_sockets(Family family, unsigned line) {
    for (const ir::Box& box : permitted_)
      if (const auto* net = std::get_if<ir::NetBox>(&box); net != nullptr && net->family == family) add(box, line);
  }

  bool filters_families() const { return unit_.filters_families && sees_socket_; }

  void capabilities() {
    ir::CapabilityBox rest{unit_.capabilities};
    for (const auto& [number, line] : unit_.capability_lines) {
      const std::uint64_t bit = std::uint64_t{1} << number;
      if ((unit_.capabilities & bit) == 0) continue;
      add(ir::CapabilityBox{bit}, line);
      rest.capabilities &= ~bit;
    }
    if (rest.capabilities != 0) add(rest, unit_.capabilities_line);
  }

  // Capabilities, as a class of their own, are above.
  void unseen() {
    for (const ir::Box& box : permitted_)
      if (!std::holds_alternative<ir::NetBox>(box)) add(box, 0);
  }

  const Unit& unit_;
  Arch arch_;
  std::vector<ir::Box> permitted_;  // of files, sockets and processes, as far as calls decide
  bool sees_socket_, sees_mapping_;
  std::uint64_t creating_;  // O_CREAT
};

std::set<target::Directive> directives_of(const Unit& unit) {
  std::set<target::Directive> all;
  for (const auto& [key, values] : unit.others)
    for (const Unit::Value& value : values) all.insert({key + "=" + value.text, key, value.line});
  for (const auto& [key, line] : unit.emptied) all.insert({key + "=", {}, line});
  for (const auto& [call, answer] : unit.answers) all.insert({"SystemCallFilter=~" + call + ":" + answer, "answer to " + call, 0});
  return all;
}

}  // namespace

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  auto unit = unit_from(text, settings.options.as<Options>().version);
  if (!unit) return tl::unexpected(unit.error());
  Builder builder(*unit, configuration.arch);
  builder.run();
  eval::Formulas formulas;
  if (!unit->later.empty()) formulas.possible.push_back({later_plane});
  target::add_losing(settings, losing_plane, builder.parts, formulas);
  return target::Reading{eval::make_meaning(std::move(builder.parts), Os::linux_os, false, std::move(formulas)), {}, directives_of(*unit), unit->unknown};
}

}  // namespace polc::systemd
