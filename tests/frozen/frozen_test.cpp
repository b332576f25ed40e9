// What polc answered before a target's meaning was read from its artefacts alone: for each policy and target the digest of the
// artefact (its comments left out) and every verdict with its witness. Kept in answers.tsv and drawn.tsv, which nothing
// rewrites; an answer that has changed since has a row in changed.tsv that says why. See README.md.
//   frozen_test [--all] answers.tsv drawn.tsv changed.tsv ROOT          compares; --all: every drawn policy, else a tenth
//   frozen_test --write answers.tsv drawn.tsv ROOT                      what made the files once
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

#include "compiled.hpp"
#include "driver/load.hpp"
#include "format/raise.hpp"
#include "frozen_answers.hpp"
#include "registry.hpp"

using namespace polc;
namespace fs = std::filesystem;

namespace {

using frozen::Rows;

constexpr std::uint64_t drawn_policies = 2'000;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// One line a row, sorted: "CASE TARGET KEY\tANSWER".
Rows rows_in(const fs::path& path) {
  Rows rows;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const auto tab = line.find('\t');
    if (!line.empty() && line.front() != '#' && tab != std::string::npos) rows[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return rows;
}

void write(const fs::path& path, const Rows& rows) {
  std::ofstream file(path, std::ios::binary);
  for (const auto& [key, answer] : rows) file << key << '\t' << answer << '\n';
}

Rows answers_of_files(const fs::path& root) {
  Rows rows;
  for (const fs::path& path : property::policy_files(root))
    frozen::add_answers_of_file(path, fs::relative(path, root).string(), bytes_of(path), rows);
  return rows;
}

Rows answers_of_drawn(bool all) {
  Rows rows;
  for (std::uint64_t seed = 1; seed <= drawn_policies; seed += all ? 1 : 10) frozen::add_answers_of_drawn(seed, rows);
  return rows;
}

/// Rows of changed.tsv: KEY, before, after, why.
struct Change {
  std::string before, after, why;
};
std::map<std::string, Change> changes_in(const fs::path& path) {
  std::map<std::string, Change> changes;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> cells;
    std::istringstream in(line);
    for (std::string cell; std::getline(in, cell, '\t');) cells.push_back(cell);
    if (cells.size() == 4) changes[cells[0]] = {cells[1], cells[2], cells[3]};
    else std::cout << path.string() << ": not four cells: " << line << '\n';
  }
  return changes;
}

class Comparer {
 public:
  explicit Comparer(std::map<std::string, Change> changes) : changes_(std::move(changes)) {}

  /// Cases that are new since then have no rows, and are not looked at; those that have gone are not missed.
  void compare(const Rows& then, const Rows& now) {
    std::set<std::string> keys;
    for (const auto& [key, answer] : now) cases_.insert(case_of(key));
    std::set<std::string> known;
    for (const auto& [key, answer] : then) {
      known.insert(case_of(key));
      if (cases_.count(case_of(key)) != 0) keys.insert(key);
    }
    for (const auto& [key, answer] : now)
      if (known.count(case_of(key)) != 0) keys.insert(key);
    for (const std::string& key : keys) compare_one(key, at(then, key), at(now, key));
  }

  int finish() const {
    fmt::print("{} answers compared, {} changed for a reason, {} of calls (docs/decisions/0009), {} without\n", compared_, explained_, of_calls_, wrong_);
    return compared_ < 5'000 || wrong_ != 0 ? 1 : 0;
  }

 private:
  static std::string case_of(const std::string& key) { return key.substr(0, key.rfind(' ')); }
  static std::string at(const Rows& rows, const std::string& key) {
    const auto found = rows.find(key);
    return found == rows.end() ? "-" : found->second;
  }

  void compare_one(const std::string& key, const std::string& before, const std::string& after) {
    ++compared_;
    if (before == after) return;
    const auto found = changes_.find(key);
    if (found != changes_.end() && found->second.before == before && found->second.after == after) {
      ++explained_;
      return;
    }
    if (is_of_calls(key, before, after)) {
      ++of_calls_;
      return;
    }
    ++wrong_;
    fmt::print("{}\t{}\t{}\t?\n", key, before, after);
  }

  // What calls an access brings, and which a deny closes, has changed since: of targets that see calls all may be another answer,
  // of others what is said of calls.
  static bool is_of_calls(const std::string& key, const std::string& before, const std::string& after) {
    for (const char* target : {" seccomp ", " systemd ", " plain "})
      if (key.find(target) != std::string::npos) return true;
    return before.starts_with("syscall ") || after.starts_with("syscall ");
  }

  std::map<std::string, Change> changes_;
  std::set<std::string> cases_;
  std::size_t compared_ = 0, explained_ = 0, of_calls_ = 0, wrong_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const auto take = [&](std::string_view option) { return std::erase(words, option) != 0; };
  const bool is_writing = take("--write"), all = take("--all");
  if (is_writing && words.size() == 3) {
    write(words[0], answers_of_files(words[2]));
    write(words[1], answers_of_drawn(true));
    return 0;
  }
  if (is_writing || words.size() != 4) return std::fputs("usage: see the head of frozen_test.cpp\n", stderr), 2;
  Comparer comparer(changes_in(words[2]));
  comparer.compare(rows_in(words[0]), answers_of_files(words[3]));
  comparer.compare(rows_in(words[1]), answers_of_drawn(all));
  return comparer.finish();
}
