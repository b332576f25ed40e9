// On a live kernel: every way does its access without a filter, and under a filter of all calls and a deny of that
// access it fails, or compiling the policy named its call. probe/ does the accesses, each in namespaces of its own.
#include "ways.hpp"

#include <doctest/doctest.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <optional>

namespace polc::ways {
namespace {

constexpr std::string_view refused_by_filter = "refused 51";  // EL2HLT, which no kernel answers by itself

bool may_run() {
#if defined(__linux__) && defined(__x86_64__)
  static const bool may = [] {
    if (geteuid() == 0) return true;
    std::puts("SKIPPED: the ways are not tried: that takes root");
    return false;
  }();
  return may;
#else
  std::puts("SKIPPED: the ways are not tried: the probes are for Linux on x86_64");
  return false;
#endif
}

/// What a probe says, in a line.
std::string outcome_of(const std::string& probe, const std::string& folder, const std::string& filter = "") {
  const std::string command = std::string(POLC_PROBE) + " " + probe + " " + folder + " " + filter + " 2>&1";
  std::FILE* const output = popen(command.c_str(), "r");
  REQUIRE(output != nullptr);
  std::string text;
  for (int c = std::fgetc(output); c != EOF; c = std::fgetc(output)) text += static_cast<char>(c);
  pclose(output);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

/// A machine with much to do may be too slow for one that waits: once more.
std::string patient_outcome_of(const std::string& probe, const std::string& folder) {
  std::string said;
  for (int i = 0; i < 3 && said != "done"; ++i) said = outcome_of(probe, folder);
  return said;
}

/// 6.18 -> 618; "" is older than all.
int release_of(std::string_view text) {
  int major = 0, minor = 0;
  if (std::sscanf(std::string(text).c_str(), "%d.%d", &major, &minor) != 2) return 0;
  return major * 100 + minor;
}
int running_release() {
  utsname name{};
  uname(&name);
  return release_of(name.release);
}

using Key = std::vector<std::string>;
Key key_of(const knowledge::Row& row) {
  return {std::string(row.access), std::string(row.of), is_blind(row) ? "blind" : "sure", std::string(row.call),
          std::string(row.condition)};
}

/// `open@5.6`: a probe that needs a younger kernel than its row does.
struct Probe {
  std::string name, since;
};
using Probes = std::vector<Probe>;

std::map<Key, Probes> probes_of_rows() {
  std::map<Key, Probes> probes;
  for (const Words& line : lines_of("probes.tsv", 6)) {
    Probes of_row;
    for (const std::string& word : words_of(line.back())) {
      const std::size_t at = std::min(word.find('@'), word.size());
      of_row.push_back({word.substr(0, at), at == word.size() ? "" : word.substr(at + 1)});
    }
    const Key key(line.begin(), line.end() - 1);
    CHECK_MESSAGE(probes.emplace(key, std::move(of_row)).second, "probes.tsv twice: ", line[0], " ", line[1], " ",
                  line[3]);
  }
  return probes;
}

/// What is not done on the kernels of today, by what the probe says then, and why.
struct NotDone {
  std::string said, why;
};
std::optional<NotDone> find_not_done(const knowledge::Row& row) {
  static const auto lines = lines_of("not_done.tsv", 5);
  const auto is = [](const std::string& pattern, std::string_view word) { return pattern == "*" || pattern == word; };
  for (const Words& line : lines)
    if (is(line[0], row.access) && is(line[1], row.of) && is(line[2], row.call)) return NotDone{line[3], line[4]};
  return std::nullopt;
}

}  // namespace

TEST_CASE("every way has a probe, a deny that closes it, and every probe is one's") {
  auto probes = probes_of_rows();
  const auto denies = lines_of("denies.tsv", 4);
  std::set<std::string> used;
  for (const knowledge::Row* row : ways_on(Arch::x86_64)) {
    INFO(text_of(*row));
    const auto found = probes.find(key_of(*row));
    if (found == probes.end()) {
      FAIL_CHECK("no probe");
      continue;
    }
    CHECK(!found->second.empty());
    for (const Probe& probe : found->second) used.insert(probe.name);
    probes.erase(found);
    CHECK(std::any_of(denies.begin(), denies.end(), [&](const Words& deny) { return is_of(deny, *row); }));
  }
  for (const auto& [key, names] : probes)
    FAIL_CHECK("probes.tsv, no such way: ", key[0], " ", key[1], " ", key[3], " ", key[4]);
  for (const Words& line : lines_of("neighbours.tsv", 2))
    for (const std::string& probe : words_of(line[1])) used.insert(probe);
  for (const Words& line : lines_of("sockets.tsv", 2)) used.insert(line[1]);
#if defined(__linux__) && defined(__x86_64__)
  std::set<std::string> known;
  std::FILE* const list = popen((std::string(POLC_PROBE) + " --list").c_str(), "r");
  char name[64];
  while (std::fscanf(list, "%63s", name) == 1) CHECK_MESSAGE(known.insert(name).second, "two probes are called ", name);
  pclose(list);
  for (const std::string& probe : used) CHECK_MESSAGE(known.contains(probe), "no such probe: ", probe);
  for (const std::string& probe : known) CHECK_MESSAGE(used.contains(probe), "a probe that nobody uses: ", probe);
#endif
}

TEST_CASE("without a filter every way does what its row says, but for a few") {
  if (!may_run()) return;
  const e2e::Scratch scratch;
  const auto probes = probes_of_rows();
  std::set<std::string> not_done;
  std::size_t done = 0;
  for (const knowledge::Row* row : ways_on(Arch::x86_64)) {
    const auto found = probes.find(key_of(*row));
    if (found == probes.end()) continue;
    for (const auto& [probe, since] : found->second) {
      const std::string said = patient_outcome_of(probe, scratch.path("").string());
      if (said == "done") {
        ++done;
        continue;
      }
      INFO(text_of(*row), ": ", probe, ": ", said);
      const int youngest = std::max(release_of(row->since), release_of(since));
      if (youngest > running_release()) {
        std::printf("not done: %s: %s: %s; since Linux %d.%d\n", text_of(*row).c_str(), probe.c_str(), said.c_str(),
                    youngest / 100, youngest % 100);
        not_done.insert(text_of(*row));
        continue;
      }
      const auto excuse = find_not_done(*row);
      CHECK(excuse.has_value());
      if (!excuse) continue;
      CHECK(said == excuse->said);
      std::printf("not done: %s: %s; %s\n", text_of(*row).c_str(), said.c_str(), excuse->why.c_str());
      not_done.insert(excuse->why);
    }
  }
  std::printf("without a filter: %zu done, %zu reasons why some are not\n", done, not_done.size());
  CHECK(lines_of("not_done.tsv", 5).size() <= 5);
  if (running_release() == release_of("6.18")) CHECK(not_done.size() <= 5);
}

TEST_CASE("under all calls but one deny no way is left that compiling it did not name") {
  if (!may_run()) return;
  const e2e::Scratch scratch;
  const auto probes = probes_of_rows();
  std::size_t refused = 0, named = 0;
  for (const Words& deny : lines_of("denies.tsv", 4)) {
    const Compiled compiled = compile(scratch, deny[2], Arch::x86_64);
    INFO("deny ", deny[2]);
    CHECK(compiled.trouble == "");
    if (!compiled.trouble.empty()) continue;
    for (const knowledge::Row* row : ways_on(Arch::x86_64)) {
      const bool blind = is_blind(*row);
      if (!is_of(deny, *row) || (blind && deny[3] == "part")) continue;
      if (blind && compiled.named.contains(std::string(row->call))) {
        ++named;
        continue;
      }
      const auto found = probes.find(key_of(*row));
      if (found == probes.end()) continue;  // told by the first test
      for (const auto& [probe, since] : found->second) {
        const std::string said = outcome_of(probe, scratch.path("").string(), compiled.filter);
        CHECK_MESSAGE(said == refused_by_filter, text_of(*row), ": ", probe);
        ++refused;
      }
    }
  }
  std::printf("under a deny: %zu refused, %zu named by the compiler\n", refused, named);
}

TEST_CASE("socket() is closed by its family and type") {
  if (!may_run()) return;
  const e2e::Scratch scratch;
  for (const Words& line : lines_of("sockets.tsv", 2)) {
    const Compiled compiled = compile(scratch, line[0], Arch::x86_64);
    INFO("deny ", line[0], ": ", line[1]);
    CHECK(compiled.trouble == "");
    CHECK(patient_outcome_of(line[1], scratch.path("").string()) == "done");
    CHECK(outcome_of(line[1], scratch.path("").string(), compiled.filter) == refused_by_filter);
  }
}

TEST_CASE("what is beside the ways of a deny still works under it") {
  if (!may_run()) return;
  const e2e::Scratch scratch;
  std::size_t worked = 0;
  for (const Words& line : lines_of("neighbours.tsv", 2)) {
    const Compiled compiled = compile(scratch, line[0], Arch::x86_64);
    INFO("deny ", line[0]);
    CHECK(compiled.trouble == "");
    for (const std::string& probe : words_of(line[1])) {
      std::string said;
      for (int i = 0; i < 3 && said != "done"; ++i)
        said = outcome_of(probe, scratch.path("").string(), compiled.filter);
      CHECK_MESSAGE(said == "done", probe);
      ++worked;
    }
  }
  std::printf("neighbours: %zu work\n", worked);
}

}  // namespace polc::ways
