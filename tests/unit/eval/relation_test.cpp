// The rows of how accesses and calls go together, as exact sets of calls on every architecture: what is brought lies inside the ways
// of its accesses, and without any one row some answer is another one.
#include "knowledge/relation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "eval/argument_sets.hpp"
#include "knowledge/calls.hpp"

namespace polc {
namespace {

using knowledge::Parameter;
using knowledge::Relation;
using knowledge::Row;
using Set = sets::ArgumentSpace::Set;
using Rows = std::vector<const Row*>;

// What rules may name: one value, and everything but the id that changes nothing.
const std::vector<Parameter> narrow{{"$mode", {{~std::uint64_t{07777} | 0644, ~std::uint64_t{07777} | 0644}}},
                                    {"$id", {{101, 101}}},
                                    {"$sig", {{15, 15}}},
                                    {"$request", {{0x5401, 0x5401}}},
                                    {"$kinds", {{0, 0}}}};
const std::vector<Parameter> wide{{"$mode", {{~std::uint64_t{0}, ~std::uint64_t{0}}}},
                                  {"$id", {{0, 0xffff'fffe}}},
                                  {"$sig", {{0, 0xffff'ffff}}},
                                  {"$request", {{0, 0xffff'ffff}}},
                                  {"$kinds", {{0, 0}}}};

/// Parameters for an act's member: the kinds are its own.
std::vector<Parameter> given(bool every, std::string_view access, std::string_view member) {
  std::vector<Parameter> result = every ? wide : narrow;
  const std::uint64_t kinds = access.starts_with("namespace") ? knowledge::namespace_kinds(member.empty() ? "any" : member) : 0;
  result.back().values = {{kinds, kinds}};
  return result;
}

std::string text_of(const Row& row) {
  std::string text(row.access);
  if (!row.of.empty()) text += " " + std::string(row.of);
  text += ": " + std::string(row.call);
  return row.condition.empty() ? text : text + " where " + std::string(row.condition);
}

/// What one row says of arguments on an architecture, and others of the same call say together.
class Sets {
 public:
  explicit Sets(Arch arch, Os os = Os::linux_os) : arch_(arch), os_(os) {}

  bool has(const Row& row) const { return knowledge::call_on(row, os_, arch_).has_value(); }
  /// Something that `row` takes and none of `others` does.
  bool is_outside(const Row& row, const Rows& others, const std::vector<Parameter>& parameters) {
    space_.clear();
    Set left = set_of(row, parameters);
    for (const Row* other : others)
      if (other->call == row.call && has(*other)) left = space_.difference(left, set_of(*other, parameters));
    REQUIRE_FALSE(space_.exhausted());
    return left != sets::ArgumentSpace::none;
  }

 private:
  Set set_of(const Row& row, const std::vector<Parameter>& parameters) {
    const auto pattern = knowledge::pattern_of(row, os_, arch_, parameters);
    REQUIRE(pattern.has_value());
    return eval::argument_set(space_, ir::condition_of(pattern->where));
  }

  Arch arch_;
  Os os_;
  sets::ArgumentSpace space_;
};

constexpr std::string_view plus = " + ";

/// The words of `a + b`.
std::vector<std::string_view> words_of(std::string_view access) {
  std::vector<std::string_view> words;
  for (std::size_t end = access.find(plus); end != access.npos; end = access.find(plus)) {
    words.push_back(access.substr(0, end));
    access.remove_prefix(end + plus.size());
  }
  words.push_back(access);
  return words;
}

/// The members that a row of an act is of, `""` where it has none; of another access, what it is of.
std::vector<std::string_view> members_of(const Row& row) {
  const auto members = knowledge::members_of(words_of(row.access).front());
  if (row.of.empty() && !members.empty()) return {members.begin(), members.end()};
  return {row.of};
}

/// The word, and the verbs that it implies: a write that appends is an append.
std::set<std::string_view> with_implied(std::string_view word) {
  std::set<std::string_view> words{word};
  for (const auto& [of, also] : knowledge::implied_file_verbs())
    if (name_of(of) == word) words.insert(name_of(also));
  return words;
}

/// The ways of an access, or act's member, by one word.
Rows ways_of(std::string_view word, std::string_view of, const Row& row, FileType type) {
  Rows ways;
  const auto words = with_implied(word);
  for (const Row& way : knowledge::rows_of(Os::linux_os)) {
    if (!knowledge::is_way(way.relation)) continue;
    bool is_its = false;
    if (row.verbs.empty()) is_its = way.access == word && (way.of.empty() || way.of == of);
    else for (const std::string_view one : words_of(way.access)) is_its = is_its || (words.contains(one) && way.types.contains(type));
    if (is_its) ways.push_back(&way);
  }
  return ways;
}

/// Lines `ROW<TAB>WHY` of a file beside this one.
std::map<std::string, std::string> listed(const std::string& name) {
  std::map<std::string, std::string> rows;
  std::ifstream file(POLC_SOURCE_DIR "/tests/unit/eval/" + name);
  REQUIRE(file.good());
  for (std::string line; std::getline(file, line);) {
    const auto tab = line.find('\t');
    if (line.empty() || line.front() == '#') continue;
    REQUIRE_MESSAGE(tab != line.npos, name, ": no reason: ", line);
    rows.emplace(line.substr(0, tab), line.substr(tab + 1));
  }
  return rows;
}

/// Each of them is in the list and the list has no other.
void check_listed(const std::set<std::string>& found, const std::string& name) {
  auto reasons = listed(name);
  for (const std::string& row : found) {
    CHECK_MESSAGE(reasons.contains(row), name, " lacks: ", row);
    reasons.erase(row);
  }
  for (const auto& [row, why] : reasons) FAIL_CHECK(name << ": no such row any more: " << row);
}

// ---- brings inside ways

bool lies_outside(const Row& row, Arch arch) {
  Sets sets(arch);
  if (!sets.has(row)) return false;
  for (const std::string_view word : words_of(row.access))
    for (const std::string_view member : members_of(row))
      for (const bool every : {false, true}) {
        const auto parameters = given(every, row.access, member);
        if (row.verbs.empty()) {
          const bool is_act_alone = !knowledge::members_of(word).empty() && word != words_of(row.access).front();
          if (sets.is_outside(row, ways_of(word, is_act_alone ? "" : member, row, {}), parameters)) return true;
          continue;
        }
        for (unsigned t = 0; t < file_type_names.size(); ++t) {
          const auto type = static_cast<FileType>(t);
          if (row.types.contains(type) && sets.is_outside(row, ways_of(word, row.of, row, type), parameters)) return true;
        }
      }
  return false;
}

// ---- without a row

/// The rows that answer the same questions as this one: what is brought, what is closed, what is told as blind.
Rows mates_of(const Row& row, std::string_view member, FileType type, Relation question, std::span<const Row> rows) {
  Rows mates;
  for (const Row& other : rows) {
    if (!knowledge::is_in(question, other)) continue;
    // Of what is brought, what any part of the accesses brings is there as well.
    const bool is_file = question == Relation::brings ? !other.verbs.empty() && row.verbs.includes(other.verbs) : other.verbs == row.verbs;
    const bool is_other = other.access == row.access && (other.of.empty() || other.of == member);
    if (row.verbs.empty() ? is_other : is_file && other.types.contains(type)) mates.push_back(&other);
  }
  return mates;
}

bool changes(const Row& row, std::span<const Row> without, Os os, Arch arch) {
  // A way by an access is a path, and no two are alike.
  if (row.relation == Relation::file) return std::none_of(without.begin(), without.end(), [&](const Row& other) { return other.access == row.access && other.of == row.of && other.call == row.call && other.condition == row.condition; });
  Sets sets(arch, os);
  if (!sets.has(row)) return false;
  for (const Relation question : {Relation::brings, Relation::sure, Relation::blind, Relation::blind_beside, Relation::beside}) {
    if (!knowledge::is_in(question, row)) continue;
    for (const std::string_view member : members_of(row))
      for (const bool every : {false, true})
        for (unsigned t = 0; t < file_type_names.size(); ++t) {
          const auto type = static_cast<FileType>(t);
          if (row.verbs.empty() ? t != 0 : !row.types.contains(type)) continue;
          if (sets.is_outside(row, mates_of(row, member, type, question, without), given(every, row.access, member))) return true;
        }
  }
  return false;
}

}  // namespace

TEST_CASE("what an access brings lies inside its ways, on every architecture") {
  std::set<std::string> outside;
  int inside = 0;
  for (const Row& row : knowledge::rows_of(Os::linux_os)) {
    // A step does nothing by itself; a capability has no calls of its own, only those that are in vain without it.
    if (!knowledge::is_in(Relation::brings, row) || row.relation == Relation::step || row.access == "capability") continue;
    for (unsigned a = 0; a < arch_names.size(); ++a)
      if (lies_outside(row, static_cast<Arch>(a))) outside.insert(text_of(row));
      else ++inside;
  }
  CHECK(inside > 1500);
  check_listed(outside, "brings_outside_ways.tsv");
}

TEST_CASE("without any one row of the tables, some answer is another one") {
  std::set<std::string> idle;
  std::size_t rows = 0;
  for (const Os os : {Os::linux_os, Os::openbsd, Os::freebsd}) {
    const auto all = knowledge::rows_of(os);
    rows += all.size();
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::vector<Row> without(all.begin(), all.end());
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      bool matters = false;
      for (unsigned a = 0; a < arch_names.size() && !matters; ++a) matters = changes(all[i], without, os, static_cast<Arch>(a));
      if (!matters) idle.insert(std::string(name_of(os)) + " " + std::string(all[i].relation == Relation::brings ? "brings " : "") + text_of(all[i]));
    }
  }
  CHECK(rows > 700);
  check_listed(idle, "idle_rows.tsv");
}

}  // namespace polc
