// RestrictAddressFamilies= is not among what `systemd --test` prints; `systemd-analyze security --offline` says of some families whether
// a unit may have their sockets. Lists that add up, take away and start again, as systemd 252 and the reader take them.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "systemd/read_unit.hpp"

using namespace polc;
namespace fs = std::filesystem;

namespace {

constexpr int units = 60;

std::string drawn(unsigned seed) {
  static constexpr const char* values[] = {"AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK", "AF_PACKET", "AF_INET AF_UNIX", "~AF_INET", "~AF_INET AF_INET6", "~AF_UNIX",
                                           "~AF_PACKET", "none", "none", "", "AF_UN\\IX", "~AF_NETLINK"};
  std::mt19937 random(seed);
  std::string text = "[Service]\nExecStart=/bin/true\n";
  for (unsigned i = 1 + random() % 4; i > 0; --i) text += std::string("RestrictAddressFamilies=") + values[random() % std::size(values)] + (random() % 6 == 0 ? "\r\n" : "\n");
  return text;
}

/// Does systemd-analyze call these families open? Of two it does where a list of allowed ones has either, or a list of refused ones neither.
bool opens(const systemd::Unit& unit, std::initializer_list<std::uint64_t> families) {
  const bool has_any = std::any_of(families.begin(), families.end(), [&](std::uint64_t family) { return unit.families.contains(family); });
  return !unit.filters_families || has_any == unit.allows_families;
}

/// The same as systemd says it; words of the line -> is it open?
std::map<std::string, bool> asked(const fs::path& unit) {
  std::map<std::string, bool> answers;
  FILE* const out = popen(("systemd-analyze security --offline=true --no-pager '" + unit.string() + "' 2>/dev/null").c_str(), "r");
  char line[4096];
  while (out != nullptr && std::fgets(line, sizeof line, out) != nullptr) {
    const std::string text(line);
    const auto at = text.find("RestrictAddressFamilies=~");
    if (at != text.npos) answers[text.substr(at + 25, text.find(' ', at) - at - 25)] = text.find("\xE2\x9C\x93") == text.npos;  // no check mark
  }
  if (out != nullptr) pclose(out);
  return answers;
}

}  // namespace

int main() {
  if (std::system("systemd-analyze security --help >/dev/null 2>&1") != 0) return std::printf("SKIPPED: systemd-analyze is not installed\n"), 77;
  const fs::path folder = fs::temp_directory_path() / ("polc-families-" + std::to_string(std::random_device()()));
  fs::create_directories(folder);
  int questions = 0, wrong = 0;
  for (unsigned seed = 1; seed <= units; ++seed) {
    const std::string text = drawn(seed);
    const auto unit = systemd::unit_from(text);
    std::ofstream(folder / "u.service") << text;
    const auto answers = asked(folder / "u.service");
    if (!unit) {
      std::printf("line %u: %s\n%s\n", unit.error().line, unit.error().message.c_str(), text.c_str());
      ++wrong;
      continue;
    }
    const std::map<std::string, bool> ours{{"AF_(INET|INET6)", opens(*unit, {2, 10})}, {"AF_PACKET", opens(*unit, {17})}, {"AF_NETLINK", opens(*unit, {16})}, {"AF_UNIX", opens(*unit, {1})}};
    for (const auto& [name, is_open] : ours) {
      const auto theirs = answers.find(name);
      if (theirs == answers.end()) continue;
      ++questions;
      if (theirs->second == is_open) continue;
      ++wrong;
      std::printf("%s is %s to systemd\n%s\n", name.c_str(), theirs->second ? "open" : "closed", text.c_str());
    }
  }
  fs::remove_all(folder);
  std::printf("%d units, %d questions, %d answers wrong\n", units, questions, wrong);
  return wrong == 0 && questions >= units * 3 ? 0 : 1;
}
