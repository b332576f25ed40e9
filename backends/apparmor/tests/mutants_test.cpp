// Texts that somebody changed, judged by the real parser: where it makes another policy of the text, the reading is another one, too.
// Each golden profile, with lines left out, moved, misspelt and made wider. POLC_MUTANTS: how many (1,000).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "apparmor/apparmor.hpp"
#include "artefact_edits.hpp"
#include "binary_policy.hpp"
#include "probes.hpp"
#include "readings.hpp"

namespace fs = std::filesystem;
using namespace polc;

namespace {

constexpr const char* options = "-M /etc/apparmor.d/abi/3.0 -S";

struct Tally {
  std::size_t asked = 0, refused = 0, unreadable = 0, different = 0, equal = 0, missed = 0, nowhere = 0, alarms = 0;
};

std::string content(const fs::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// The text with a further line before its end.
std::vector<property::Edit> widened(const std::string& text) {
  static constexpr const char* lines[] = {"/** rw,", "/etc/shadow r,", "owner /srv/** w,", "file,", "capability,", "capability sys_admin,", "network,", "network inet,",
                                          "signal,", "signal (send) set=(kill) peer=unconfined,", "ptrace,", "ptrace (readby),", "mount,", "umount,", "pivot_root,",
                                          "change_profile,", "change_profile -> x,", "unix,", "set rlimit nofile <= 1000000,", "link /a -> /b,", "/a l,", "/bin/* Ux,",
                                          "/usr/** px,", "deny /** w,", "audit /etc/passwd r,", "owner { /x rw, }"};
  std::vector<property::Edit> all;
  const auto end = text.rfind('}');
  for (const char* line : lines) all.push_back({std::string("with `") + line + "`", std::string(text).insert(end, "  " + std::string(line) + "\n")});
  return all;
}

std::optional<target::Reading> reading_of(const std::string& text, const target::Settings& settings) {
  auto read = apparmor::backend().read(text, {}, settings);
  return read ? std::optional(*std::move(read)) : std::nullopt;
}

class Checker {
 public:
  Checker(std::string name, const std::string& text, Tally& tally) : name_(std::move(name)), own_(apparmor::run_parser(text, options)), reading_(reading_of(text, {})), tally_(tally) {}

  bool is_sound() const { return own_.status == 0 && reading_; }

  void check(const property::Edit& edit) {
    ++tally_.asked;
    const apparmor::ParserRun run = apparmor::run_parser(edit.text, options);
    if (run.status != 0) return void(++tally_.refused);
    const auto read = reading_of(edit.text, {});
    if (!read) return ++tally_.unreadable, shown(edit, "taken by the parser, unreadable here");
    const bool differs = run.output != own_.output, is_told = !property::are_alike(*reading_, *read);
    ++(is_told ? tally_.different : tally_.equal);
    if (is_told && !differs) ++tally_.alarms, shown(edit, "a false alarm");
    if (!differs || is_told) return;
    ++(is_in_an_access(run, *read) ? tally_.missed : tally_.nowhere);
    std::printf("%s, %s: the parser makes another policy of it, the reader the same\n", name_.c_str(), edit.what.c_str());
  }

  /// Does the difference show in an access? Not so in names that nothing has: the old name of a link with a slash behind it.
  bool is_in_an_access(const apparmor::ParserRun& run, const target::Reading& read) const {
    const auto mine = apparmor::BinaryPolicy::decode(own_.output), theirs = apparmor::BinaryPolicy::decode(run.output);
    if (!mine || !theirs) return true;
    const std::string profile = profile_of(*reading_);
    for (const target::Reading* reading : {&*reading_, &read})
      for (const ir::Point& point : property::probes_for(reading->permits.parts(), Os::linux_os, 20'000))
        if (mine->permits(point, profile) != theirs->permits(point, profile)) return true;
    return false;
  }

  static std::string profile_of(const target::Reading& reading) {
    for (const target::Directive& one : reading.directives)
      if (one.text.starts_with("profile ")) return one.text.substr(8);
    return "";
  }

  void shown(const property::Edit& edit, const char* what) const {
    if (std::getenv("POLC_SHOW_EQUAL") != nullptr) std::printf("%s, %s: %s\n", name_.c_str(), edit.what.c_str(), what);
  }

 private:
  std::string name_;
  apparmor::ParserRun own_;
  std::optional<target::Reading> reading_;
  Tally& tally_;
};

}  // namespace

int main() {
  if (const std::string why = apparmor::parser_missing(); !why.empty()) return std::printf("SKIPPED: %s\n", why.c_str()), 77;
  const char* const asked = std::getenv("POLC_MUTANTS");
  const std::size_t wanted = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 1'000;
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& entry : fs::directory_iterator(POLC_GOLDEN_CASES)) {
    const std::string text = content(entry.path() / "apparmor.txt");
    if (text.find("abi <abi/3.0>") != text.npos && text.find("abstractions/") == text.npos && text.find("\nprofile ") == text.rfind("\nprofile ")) texts.emplace_back(entry.path().filename(), text);
  }
  std::sort(texts.begin(), texts.end());
  Tally tally;
  const std::size_t each = wanted / std::max<std::size_t>(texts.size(), 1) + 1;
  for (const auto& [name, text] : texts) {
    Checker checker(name, text, tally);
    if (!checker.is_sound()) continue;
    std::vector<property::Edit> edits = widened(text);
    for (std::uint64_t seed = 1; edits.size() < each && seed < 200; ++seed)
      for (property::Edit& edit : property::edits_of(text, seed)) edits.push_back(std::move(edit));
    const std::size_t stride = std::max<std::size_t>(edits.size() / each, 1);
    for (std::size_t i = 0; i < edits.size(); i += stride) checker.check(edits[i]);
  }
  std::printf("%zu profiles, %zu changed texts: %zu refused by the parser, %zu unreadable, %zu different, %zu equal; %zu missed, %zu differ in no access, %zu false alarms\n", texts.size(), tally.asked,
              tally.refused, tally.unreadable, tally.different, tally.equal, tally.missed, tally.nowhere, tally.alarms);
  return tally.missed == 0 && tally.nowhere * 100 <= tally.asked && tally.different * 4 > tally.asked && tally.asked * 10 >= wanted * 9 ? 0 : 1;
}
