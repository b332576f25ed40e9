#include "grsecurity/permits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polc::grsecurity {
namespace {

constexpr std::size_t most_ranks = 255;

/// Those that confine a program; the subject `/` alone stands for all others.
std::vector<std::size_t> confining(const Document& document) {
  std::vector<std::size_t> subjects;
  for (std::size_t i = 0; i < document.subjects.size(); ++i)
    if (document.subjects[i].path != "/") subjects.push_back(i);
  if (subjects.empty()) subjects.push_back(0);
  return subjects;
}

target::ReadError too_complex(std::string message) { return {0, std::move(message), target::ReadError::Kind::too_complex}; }

}  // namespace

tl::expected<eval::Meaning, target::ReadError> permitted_by(const Document& document, Os os, bool is_old) {
  const std::vector<std::size_t> subjects = confining(document);
  constexpr std::size_t planes_of_one = 3, most_subjects = eval::Order::most_planes / planes_of_one;
  if (subjects.size() > most_subjects)
    return tl::unexpected(too_complex(fmt::format("{} subjects; {} are the most", subjects.size(), most_subjects)));
  std::vector<eval::Part> parts;
  // What one of several programs may do is possible; only what each may do is sure.
  eval::Formula some;
  std::vector<std::uint8_t> each_single, each_pair;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const auto first = static_cast<std::uint8_t>(planes_of_one * i);
    const Planes planes{first, static_cast<std::uint8_t>(first + 1), static_cast<std::uint8_t>(first + 2)};
    if (auto wrong = Permits(document, subjects[i], planes, os, is_old, parts).run()) return tl::unexpected(too_complex(*std::move(wrong)));
    some.push_back({planes.single});
    some.push_back({planes.from, planes.to});
    each_single.push_back(planes.single);
    each_pair.insert(each_pair.end(), {planes.from, planes.to});
  }
  return eval::make_meaning(std::move(parts), os, false, {std::move(some), {std::move(each_single), std::move(each_pair)}});
}

std::optional<std::string> Permits::run() {
  files();
  networks();
  calls();
  capabilities();
  identities(ir::IdentityKind::user, subject().users);
  identities(ir::IdentityKind::group, subject().groups);
  peers();
  if (ranks_ <= most_ranks) return std::nullopt;
  return fmt::format("`{}` has {} lines or directories one above the other; {} are the most", subject().path, ranks_, most_ranks);
}

void Permits::add(ir::Box box, At at, std::uint8_t plane) {
  ranks_ = std::max(ranks_, at.rank);
  parts_.push_back({at.effect, std::move(box), {}, false, static_cast<std::uint8_t>(std::min(at.rank, most_ranks)), plane, at.line});
}

std::vector<std::size_t> Permits::chain() const {
  std::vector<std::size_t> subjects;
  for (std::optional<std::size_t> i = index_; i; i = document_.subjects[*i].parent) subjects.push_back(*i);
  return subjects;
}

// The nearest subject that speaks of a capability decides, in it the last line. Neighbours of one effect may change places, so
// they share a rank.
void Permits::capabilities() {
  std::uint64_t left = ~std::uint64_t{0};  // what no line speaks of is kept
  for (const std::size_t i : chain())
    for (const AclCapability& line : document_.subjects[i].capabilities) left &= ~line.bits;
  if (left != 0) stays(ir::CapabilityBox{left});
  std::size_t rank = 0;
  bool keeps = true;
  const std::vector<std::size_t> subjects = chain();
  for (auto i = subjects.rbegin(); i != subjects.rend(); ++i)
    for (const AclCapability& line : document_.subjects[*i].capabilities) {
      if (rank == 0 || line.keeps != keeps) ++rank;
      keeps = line.keeps;
      add(ir::CapabilityBox{line.bits}, {keeps ? ir::Effect::allow : ir::Effect::deny, rank, line.line});
    }
}

Permits::Kept Permits::kept(unsigned capability) const {
  for (const std::size_t i : chain()) {
    const auto& lines = document_.subjects[i].capabilities;
    const auto speaks = [&](const AclCapability& line) { return ((line.bits >> capability) & 1u) != 0; };
    const auto last = std::find_if(lines.rbegin(), lines.rend(), speaks);
    if (last != lines.rend()) return {last->keeps, last->line};
  }
  return {};
}

// A list opens what it names, whatever the capability; without one, or but for those that a list denies, CAP_SETUID (CAP_SETGID)
// opens all.
void Permits::identities(ir::IdentityKind kind, const std::optional<AclTransitions>& list) {
  const ir::IdentityBox everybody{kind, sets::NumberSet::all(), {}};
  const Kept capability = kept(kind == ir::IdentityKind::user ? 7 : 6);
  const bool is_open = capability.keeps && (!list || list->is_deny);
  const unsigned line = list && !list->is_deny ? list->line : capability.line;
  add(everybody, {is_open ? ir::Effect::allow : ir::Effect::deny, 0, line});
  if (!list) return;
  ir::IdentityBox named{kind, {}, {}};
  for (const std::string& name : list->names) {
    const auto number = document_.accounts.find({kind, name});
    if (number == document_.accounts.end()) named.accounts.push_back({name, false, 0});
    else named.accounts.push_back({name, true, number->second});
  }
  add(std::move(named), {list->is_deny ? ir::Effect::deny : ir::Effect::allow, 1, list->line});
}

// Modes of a subject are about signals and tracing, but none names a peer: nothing is looked at.
void Permits::peers() {
  for (ir::Box& box : target::everything(ir::AccessClass::process, os_))
    if (std::holds_alternative<ir::PeerBox>(box)) stays(std::move(box));
}

}  // namespace polc::grsecurity
