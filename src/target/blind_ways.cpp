#include "target/blind_ways.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "eval/compare.hpp"
#include "knowledge/relation.hpp"
#include "sets/path_pattern.hpp"
#include "support/check.hpp"

namespace polc::target {
namespace {

using knowledge::Relation;
using knowledge::Row;
using Boxes = std::vector<ir::Box>;

/// What a row of `file` does to its path, by the call that does it.
struct FileAccess {
  std::string_view call;
  FileVerb verb;
  FileType type;
};
constexpr std::array<FileAccess, 5> file_accesses{{{"read", FileVerb::read, FileType::file},
                                                   {"write", FileVerb::write, FileType::file},
                                                   {"readlink", FileVerb::read, FileType::symlink},
                                                   {"getdents64", FileVerb::read, FileType::dir},
                                                   {"ioctl", FileVerb::ioctl, FileType::chardev}}};

class Finder {
 public:
  Finder(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning, std::span<const Permitting> targets, sets::Budget& budget)
      : configuration_(policy.configuration), rule_(rule), meaning_(meaning), targets_(targets), budget_(budget) {}

  std::vector<BlindWay> run() {
    const std::vector<const Row*> rows = find_rows();
    Boxes all;
    for (const Row* row : rows) add(*row, all);
    // Mostly there is none, which is told of all rows at once.
    std::vector<BlindWay> ways;
    if (!find(std::move(all))) return ways;
    for (const Row* row : rows) {
      Boxes own;
      add(*row, own);
      if (row->relation == Relation::blind_beside && !find(beside(*row))) continue;
      if (auto point = find(std::move(own)); point && !is_known(ways, *point)) ways.push_back({*std::move(point), row->note});
    }
    return ways;
  }

 private:
  std::vector<const Row*> find_rows() {
    std::vector<const Row*> rows;
    const auto add_rows = [&](std::initializer_list<Relation> relations, std::string_view access, std::string_view member) {
      for (const Row& row : knowledge::rows_of(configuration_.os)) {
        const bool is_one = std::find(relations.begin(), relations.end(), row.relation) != relations.end();
        if (is_one && row.access == access && (row.of.empty() || row.of == member)) rows.push_back(&row);
      }
    };
    for (const ir::Act& act : rule_.acts)
      if (!is_seen(act)) add_rows({Relation::blind, Relation::blind_beside, Relation::file}, act.name, act.member);
    // Of a peer blind_calls.hpp tells the calls.
    for (const ir::Box& box : rule_.boxes) {
      const auto* peers = std::get_if<ir::PeerBox>(&box);
      if (peers == nullptr || peers->kind != ir::PeerKind::ptrace || is_seen(*peers)) continue;
      if ((peers->what & ir::ptrace_trace) != 0) add_rows({Relation::file}, "ptrace", "trace");
      if ((peers->what & ir::ptrace_read) != 0) add_rows({Relation::file}, "ptrace", "read");
    }
    return rows;
  }

  // A target that looks at the process, by whatever access it is looked into, and permits none of these.
  bool is_seen(const ir::PeerBox& peers) {
    const eval::Meaning denied = eval::set_of({peers}, configuration_.os);
    return std::any_of(targets_.begin(), targets_.end(), [&](const Permitting& target) {
      const auto& seen = target.backend->sees_acts;
      const auto is_it = [](const SeenAct& one) { return one.act == "ptrace"; };
      const eval::Meaning* const sides[] = {&denied, target.permits};
      return std::any_of(seen.begin(), seen.end(), is_it) && !eval::find_common(sides, budget_);
    });
  }

  // A target that looks at the act refuses it, if it refuses one of the calls whose arguments tell: calls themselves it sees none of.
  bool is_seen(const ir::Act& act) {
    return std::any_of(targets_.begin(), targets_.end(), [&](const Permitting& target) {
      const auto& seen = target.backend->sees_acts;
      const auto is_it = [&](const SeenAct& one) { return one.act == act.name && (one.member.empty() || one.member == act.member); };
      if (std::none_of(seen.begin(), seen.end(), is_it)) return false;
      return std::any_of(rule_.boxes.begin(), rule_.boxes.end(), [&](const ir::Box& telling) {
        const eval::Meaning call = eval::set_of({telling}, configuration_.os);
        const eval::Meaning* const sides[] = {&call, target.permits};
        return !eval::find_common(sides, budget_);
      });
    });
  }

  Boxes beside(const Row& row) const {
    Boxes calls;
    for (const Row* other : knowledge::find_rows(configuration_.os, Relation::beside, row.access, row.of)) add(*other, calls);
    return calls;
  }

  void add(const Row& row, Boxes& boxes) const {
    if (row.relation == Relation::file) return add_file(row, boxes);
    const auto pattern = knowledge::pattern_of(row, configuration_.os, configuration_.arch, {});
    if (pattern) boxes.emplace_back(ir::CallBox{{pattern->call}, ir::condition_of(pattern->where)});
  }
  static void add_file(const Row& row, Boxes& boxes) {
    const auto access = std::find_if(file_accesses.begin(), file_accesses.end(), [&](const FileAccess& one) { return one.call == row.call; });
    auto places = sets::parse_path_pattern({std::string(row.condition), {}}, false);
    POLC_CHECK(places && access != file_accesses.end(), "a row of `file` is a call that opens something, and a path");
    ir::FileBox box;
    box.verbs = {access->verb};
    box.types = {access->type};
    box.places = *std::move(places);
    boxes.emplace_back(std::move(box));
  }

  std::optional<ir::Point> find(Boxes ways) { return permitted_by_all(std::move(ways), configuration_.os, meaning_, targets_, budget_); }

  // `deny namespace any` meets clone3 eight times.
  static bool is_known(const std::vector<BlindWay>& ways, const ir::Point& point) {
    return std::any_of(ways.begin(), ways.end(), [&](const BlindWay& way) { return way.point == point; });
  }

  const ir::Configuration& configuration_;
  const ir::Rule& rule_;
  const eval::Meaning& meaning_;
  std::span<const Permitting> targets_;
  sets::Budget& budget_;
};

}  // namespace

std::optional<ir::Point> permitted_by_all(std::vector<ir::Box> ways, Os os, const eval::Meaning& meaning, std::span<const Permitting> targets,
                                          sets::Budget& budget) {
  if (ways.empty()) return std::nullopt;
  const eval::Meaning wanted = eval::set_of(std::move(ways), os);
  std::vector<const eval::Meaning*> sides{&wanted, &meaning};
  for (const Permitting& target : targets) sides.push_back(target.permits);
  return eval::find_common(sides, budget);
}

std::vector<BlindWay> blind_ways(const ir::Policy& policy, const ir::Rule& rule, const eval::Meaning& meaning,
                                 std::span<const Permitting> targets, sets::Budget& budget) {
  if (rule.effect != ir::Effect::deny) return {};
  return Finder(policy, rule, meaning, targets, budget).run();
}

}  // namespace polc::target
