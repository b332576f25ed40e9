// Does systemd understand a unit as the reader does? `systemd --test` reads units, prints what it made of them and starts none.
// Directives that add up, take away, start again and contradict each other are drawn at random; the golden drop-ins come with them.
// POLC_ORACLE_UNITS: how many (400). RestrictAddressFamilies= is not among what it prints: scripts/test-vm-systemd asks a kernel.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

#include "artefact_edits.hpp"
#include "driver/drop_ins.hpp"
#include "oracle.hpp"
#include "systemd/systemd.hpp"

using namespace polc;
using namespace polc::systemd::testing;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

unsigned units_asked() {
  const char* const count = std::getenv("POLC_ORACLE_UNITS");
  return count == nullptr ? 400 : static_cast<unsigned>(std::strtoul(count, nullptr, 10));
}

void agree(const std::vector<std::string>& texts) {
  Units units;
  for (const std::string& text : texts) units.add(text);
  const auto theirs = units.by_systemd();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto ours = systemd::unit_from(texts[i], systemd::Version::v252);
    if (!ours) FAIL(texts[i] << "line " << ours.error().line << ": " << ours.error().message);
    const Understood read = by_reader(*ours);
    CHECK_MESSAGE(read == theirs[i], texts[i] << "reader:  " << words_of(read, theirs[i]) << "\nsystemd: " << words_of(theirs[i], read));
  }
}

}  // namespace

TEST_CASE("units with directives that add up and take away mean to systemd what they mean to the reader") {
  std::vector<std::string> texts;
  for (unsigned seed = 1; seed <= units_asked(); ++seed) texts.push_back(Drawer(seed).unit());
  agree(texts);
}

namespace {

// Drop-ins in folders that are the unit's and in such that only look so, of two directories; some without a section, some that end in the
// middle of a line, some that hide others.
class DropInDrawer {
 public:
  DropInDrawer(unsigned seed, Units& units) : drawer_(seed), units_(units) {}

  void run() {
    static constexpr const char* rests[] = {"", "-a", "-a-b", "--c-", "@x", "-a@x-y"};
    const std::string rest = rests[drawer_.draw(6)], name = "u" + std::to_string(units_.size());
    file_ = units_.add(drawer_.unit(), rest);
    if (drawer_.draw(3) == 0) units_.link(drawer_.draw(2), "of-" + name + ".service", "../1/" + name + rest + ".service");
    for (unsigned left = drawer_.draw(6); left != 0; --left) add(name, rest);
  }

  const fs::path& file() const { return file_; }

 private:
  void add(const std::string& name, const std::string& rest) {
    const std::string folders[] = {name + rest, name + rest, name + "-", name + "-a-", name + "@", name + "-a@", name + "-@", name + "-@x-y", name, name + "-a", "of-" + name, name + "--"};
    static constexpr const char* files[] = {"10-a.conf", "20-b.conf", "30.conf", "40.txt", ".50.conf"};
    const std::string path = folders[drawer_.draw(12)] + ".service.d/" + files[drawer_.draw(5)];
    const unsigned directory = drawer_.draw(2);
    if (drawer_.draw(8) == 0) return units_.link(directory, path, "/dev/null");
    std::string text = drawer_.unit();
    if (drawer_.draw(8) == 0) text = drawer_.directive() + text;
    if (drawer_.draw(8) == 0) text += drawer_.draw(2) == 0 ? "SystemCallFilter=~read \\\n" : "SystemCallFilter=~read \\";
    units_.write(directory, path, text);
  }

  Drawer drawer_;
  Units& units_;
  fs::path file_;
};

}  // namespace

TEST_CASE("drop-ins of a unit, its template, its aliases and the beginnings of its name are merged as systemd does") {
  Units units;
  std::vector<fs::path> files;
  for (unsigned seed = 1; seed <= units_asked(); ++seed) {
    DropInDrawer drawer(seed, units);
    drawer.run();
    files.push_back(drawer.file());
  }
  units.write(0, "service.d/90-all.conf", "[Service]\nSystemCallFilter=~brk\n");
  units.write(1, "service.d/20-b.conf", "[Service]\nMemoryDenyWriteExecute=yes\n");
  const auto theirs = units.by_systemd();
  std::size_t merged = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    diag::Sink sink;
    const auto whole = driver::with_drop_ins({files[i].string(), bytes_of(files[i])}, systemd::backend(), units.directories(), sink);
    REQUIRE_MESSAGE(whole, sink.all().front().message);
    merged += whole->further.size();
    const auto ours = systemd::unit_from(whole->text, systemd::Version::v252);
    if (!ours) FAIL(whole->text << "line " << ours.error().line << ": " << ours.error().message);
    const Understood read = by_reader(*ours);
    std::string names = files[i].filename().string();
    for (const auto& one : whole->further) names += "\n" + one.name;
    CHECK_MESSAGE(read == theirs[i], names << "\n" << whole->text << "reader:  " << words_of(read, theirs[i]) << "\nsystemd: " << words_of(theirs[i], read));
  }
  MESSAGE(merged << " drop-ins of " << files.size() << " units");
  CHECK(merged > files.size());
}

TEST_CASE("golden drop-ins that somebody changed mean to systemd what they mean to the reader, or are not read") {
  const char* const count = std::getenv("POLC_MUTANTS");
  const std::size_t wanted = count == nullptr ? 500 : std::strtoul(count, nullptr, 10);
  std::vector<std::string> goldens, readable;
  for (const auto& entry : fs::recursive_directory_iterator(POLC_GOLDEN_CASES))
    if (entry.path().filename() == "systemd.txt") goldens.push_back(bytes_of(entry.path()));
  std::sort(goldens.begin(), goldens.end());
  std::size_t unreadable = 0, different = 0;
  for (std::uint64_t seed = 1; readable.size() + unreadable < wanted; ++seed)
    for (const std::string& golden : goldens) {
      const auto own = systemd::unit_from(golden, systemd::Version::v252);
      REQUIRE(own);
      std::mt19937_64 random(seed);
      const auto edits = property::edits_of(golden, seed);
      for (unsigned i = 0; i < 4 && readable.size() + unreadable < wanted; ++i) {
        const std::string& text = edits[random() % edits.size()].text;
        const auto unit = systemd::unit_from(text, systemd::Version::v252);
        if (!unit) ++unreadable;
        else readable.push_back(text), different += !(by_reader(*unit) == by_reader(*own));
      }
    }
  MESSAGE(readable.size() << " changed drop-ins, " << different << " of another meaning; " << unreadable << " are not read");
  CHECK(different * 5 > wanted);
  // The units of one run of systemd share what a message may hold.
  for (std::size_t i = 0; i < readable.size(); i += 1'000)
    agree({readable.begin() + static_cast<std::ptrdiff_t>(i), readable.begin() + static_cast<std::ptrdiff_t>(std::min(i + 1'000, readable.size()))});
}

TEST_CASE("so do all golden drop-ins") {
  std::vector<std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(POLC_GOLDEN_CASES))
    if (entry.path().filename() == "systemd.txt") texts.push_back(bytes_of(entry.path()));
  CHECK(texts.size() >= 5);
  agree(texts);
}

namespace {

constexpr const char* asked_about[] = {"SystemCallFilter", "CapabilityBoundingSet", "RestrictNamespaces", "MemoryDenyWriteExecute", "RestrictSUIDSGID"};

/// The lines of these keys, with what continues them.
std::string asked_lines(const std::string& text) {
  std::string kept = "[Service]\n";
  bool goes_on = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const bool is_asked = std::any_of(std::begin(asked_about), std::end(asked_about), [&](const std::string& key) { return line.starts_with(key); });
    const bool keeps = goes_on || is_asked;
    if (keeps) kept += line + "\n";
    goes_on = keeps && line.ends_with('\\');
  }
  return kept;
}

/// Keys of [Service] that the reading neither made accesses of nor tells.
std::vector<std::string> silent_keys(const std::string& text, const systemd::Unit& unit) {
  std::vector<std::string> silent;
  std::string section;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) section = line;
    const auto equals = line.find('=');
    if (section != "[Service]" || equals == line.npos || line.front() == '#' || line.front() == ' ') continue;
    const std::string key = line.substr(0, equals);
    const bool is_read = key == "RestrictAddressFamilies" || std::any_of(std::begin(asked_about), std::end(asked_about), [&](const char* one) { return key == one; });
    if (!is_read && !unit.others.contains(key) && !unit.emptied.contains(key)) silent.push_back(key);
  }
  return silent;
}

}  // namespace

TEST_CASE("units of a distribution's packages are read, none of their directives in silence, and mean what systemd makes of them") {
  const fs::path folder(POLC_PACKAGES);
  const int status = std::system((std::string(POLC_UNPACK) + " '" + folder.string() +
                                  "' systemd systemd-resolved systemd-timesyncd tor unbound chrony haveged redis-server knot polkitd upower rsyslog").c_str());
  if (status != 0) {
    std::printf("SKIPPED: apt cannot fetch the packages\n");
    return;
  }
  std::vector<std::string> texts;
  std::size_t hardened = 0, unknown = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder / "root/lib/systemd/system")) {
    if (!entry.is_regular_file() || entry.path().extension() != ".service") continue;
    diag::Sink sink;
    const auto whole = driver::with_drop_ins({entry.path().string(), bytes_of(entry.path())}, systemd::backend(), {(folder / "root/lib/systemd/system").string()}, sink);
    REQUIRE(whole);
    const std::string& text = whole->text;
    const auto unit = systemd::unit_from(text, systemd::Version::v252);
    if (!unit) FAIL(entry.path().string() << ", line " << unit.error().line << ": " << unit.error().message);
    for (const std::string& key : silent_keys(text, *unit)) FAIL_CHECK(entry.path().string() << ": nothing is said of " << key);
    unknown += unit->unknown.size();
    texts.push_back(asked_lines(text));
    hardened += texts.back() != "[Service]\n";
  }
  MESSAGE(texts.size() << " units, " << hardened << " with directives that are compared, " << unknown << " directives that are not known");
  CHECK(hardened >= 15);
  CHECK(unknown == 0);
  agree(texts);
}

TEST_CASE("no directive of a service that systemd has is unknown to the reader") {
  std::istringstream lines(output_of(std::string(program) + " --dump-configuration-items 2>/dev/null"));
  std::string section;
  std::size_t directives = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with('[')) section = line;
    const auto equals = line.find('=');
    if (section != "[Service]" || equals == line.npos) continue;
    const auto unit = systemd::unit_from("[Service]\n" + line.substr(0, equals + 1) + (line.ends_with("=BOOLEAN") ? "no\n" : "\n"));
    CHECK_MESSAGE((unit && unit->unknown.empty()), line);
    ++directives;
  }
  CHECK(directives > 240);
}

int main(int argc, char** argv) {
  if (access(program, X_OK) != 0) {
    std::printf("SKIPPED: systemd is not installed (scripts/setup --with-daemons)\n");
    return 77;
  }
  // The calls of @default, and those that are known, are another version's.
  if (const std::string version = output_of(std::string(program) + " --version"); !version.starts_with("systemd 252")) {
    std::printf("SKIPPED: the tables are those of systemd 252, and this is %s\n", version.substr(0, version.find(' ', 8)).c_str());
    return 77;
  }
  doctest::Context context(argc, argv);
  return context.run();
}
