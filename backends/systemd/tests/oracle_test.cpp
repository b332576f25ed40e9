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
#include <random>
#include <sstream>

#include <unistd.h>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"
#include "systemd/read_unit.hpp"

using namespace polc;
namespace fs = std::filesystem;

namespace {

constexpr const char* program = "/usr/lib/systemd/systemd";

/// What both sides say of a unit, in the same words.
struct Understood {
  bool filters = false, allows = true;
  std::set<std::string> calls, answers, capabilities, namespaces;  // answers: read:EPERM; namespaces: those that stay possible
  bool restricts_namespaces = false, denies_write_execute = false, denies_set_id = false;
  bool operator==(const Understood&) const = default;
};

/// What the unit says and the other does not.
std::string words_of(const Understood& unit, const Understood& other) {
  std::string text = unit.filters ? unit.allows ? "calls:" : "all calls but:" : "any call";
  const auto add = [&](const std::set<std::string>& ours, const std::set<std::string>& theirs) {
    for (const auto& word : ours)
      if (!theirs.contains(word)) text += " " + word;
  };
  add(unit.calls, other.calls);
  text += "; answers:";
  add(unit.answers, other.answers);
  text += "; capabilities:";
  add(unit.capabilities, other.capabilities);
  text += unit.restricts_namespaces ? "; namespaces:" : "; any namespace";
  add(unit.namespaces, other.namespaces);
  return text + (unit.denies_write_execute ? "; no code in memory" : "") + (unit.denies_set_id ? "; no set-id files" : "");
}

// Names that systemd ignores, and those of calls that polc's table does not have, are nobody's. Three of its groups' are unknown to
// the libseccomp of Debian 12.
bool is_compared(const std::string& name) {
  const bool is_unknown = name == "riscv_hwprobe" || name == "uretprobe" || name == "sys_debug_setcontext";
  return !is_unknown && systemd::is_known(name) && knowledge::find_call(Os::linux_os, name);
}

Understood by_reader(const systemd::Unit& read) {
  Understood unit{read.filters, read.allows, {}, {}, {}, {}, false, read.denies_write_execute, read.denies_set_id};
  for (const auto& [name, line] : read.calls)
    if (is_compared(name)) unit.calls.insert(name);
  for (const auto& [name, answer] : read.answers)
    if (is_compared(name)) unit.answers.insert(name + ":" + answer);
  for (const auto& [name, number] : knowledge::capabilities())
    if (((read.capabilities >> number) & 1u) != 0) unit.capabilities.insert("cap_" + std::string(name));
  unit.restricts_namespaces = read.namespaces != 0;
  for (const systemd::NamedNumber& space : systemd::namespaces())
    if (unit.restricts_namespaces && (read.namespaces & space.number) == 0) unit.namespaces.emplace(space.name);
  return unit;
}

std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  char buffer[65536];
  for (std::size_t n; (n = fread(buffer, 1, sizeof buffer, pipe)) != 0;) text.append(buffer, n);
  pclose(pipe);
  return text;
}

// A directory for units that systemd, which does not test as root, can read.
class Units {
 public:
  Units() {
    std::string name = (fs::temp_directory_path() / "polc-units-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    directory_ = name;
    fs::permissions(directory_, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
    fs::create_directory(directory_ / "run");  // systemd makes a folder of its own there
    fs::permissions(directory_ / "run", fs::perms::all);
  }
  ~Units() { fs::remove_all(directory_); }

  void add(const std::string& service) { services_.push_back(service); }

  std::vector<Understood> by_systemd() const {
    std::ofstream target(directory_ / "all.target");
    target << "[Unit]\nDefaultDependencies=no\nWants=";
    for (std::size_t i = 0; i < services_.size(); ++i) {
      target << " u" << i << ".service";
      std::ofstream(directory_ / ("u" + std::to_string(i) + ".service"))
          << "[Unit]\nDefaultDependencies=no\n" << services_[i] << "[Service]\nExecStart=/bin/true\n";
    }
    target << "\n";
    target.close();
    const std::string as = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
    const std::string command = as + "env -i XDG_RUNTIME_DIR=" + directory_.string() + "/run SYSTEMD_UNIT_PATH=" + directory_.string() + " " +
                                program + " --test --user --unit=all.target 2>&1";
    return parsed(output_of(command));
  }

 private:
  // "\t-> Unit u7.service:", then "\t\tSystemCallFilter: ~read write" and others; what is not restricted has no line.
  std::vector<Understood> parsed(const std::string& text) const {
    std::vector<Understood> units(services_.size());
    std::size_t seen = 0;
    Understood* unit = nullptr;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("\t-> Unit ")) {
        unsigned number = 0;
        unit = std::sscanf(line.c_str(), "\t-> Unit u%u.service:", &number) == 1 ? &units.at(number) : nullptr;
        if (unit == nullptr) continue;
        ++seen;
        for (const auto& [name, bit] : knowledge::capabilities()) unit->capabilities.insert("cap_" + std::string(name));
      }
      if (unit != nullptr) directive(*unit, line);
    }
    REQUIRE_MESSAGE(seen == services_.size(), text.substr(0, 2000));
    return units;
  }

  static void directive(Understood& unit, const std::string& line) {
    std::istringstream words(line);
    std::string key, word;
    words >> key;
    if (key == "MemoryDenyWriteExecute:") unit.denies_write_execute = line.ends_with("yes");
    if (key == "RestrictSUIDSGID:") unit.denies_set_id = line.ends_with("yes");
    if (key == "CapabilityBoundingSet:")
      for (unit.capabilities.clear(); words >> word;) unit.capabilities.insert(word);
    if (key == "RestrictNamespaces:") {
      while (words >> word)
        if (word != "n/a") unit.namespaces.insert(word);
      unit.restricts_namespaces = unit.namespaces.size() != systemd::namespaces().size();
      if (!unit.restricts_namespaces) unit.namespaces.clear();
    }
    if (key != "SystemCallFilter:") return;
    unit.filters = true;
    while (words >> word) {
      if (word.front() == '~') unit.allows = false, word.erase(0, 1);
      const auto colon = word.find(':');
      const std::string name = word.substr(0, colon);
      if (!is_compared(name)) continue;
      if (colon != std::string::npos) unit.answers.insert(word);
      if (colon == std::string::npos || !unit.allows) unit.calls.insert(name);
    }
  }

  fs::path directory_;
  std::vector<std::string> services_;
};

class Drawer {
 public:
  explicit Drawer(unsigned seed) : random_(seed) {}

  std::string unit() {
    std::string text = "[Service]\n";
    for (unsigned left = 1 + draw(9); left != 0; --left) text += directive();
    return text;
  }

 private:
  unsigned draw(unsigned below) { return static_cast<unsigned>(random_() % below); }
  template <std::size_t n>
  const char* one_of(const char* const (&words)[n]) { return words[draw(n)]; }

  template <std::size_t n>
  std::string list(const char* const (&words)[n]) {
    if (draw(8) == 0) return draw(2) == 0 ? "" : "~";
    std::string text = draw(3) == 0 ? "~" : "";
    for (unsigned left = 1 + draw(4); left != 0; --left) text += std::string(one_of(words)) + (left == 1 ? "" : draw(6) == 0 ? " \\\n  " : draw(12) == 0 ? " \\\r\n# between\r " : " ");
    return text;
  }

  std::string directive() {
    static constexpr const char* calls[] = {"read",  "write", "mmap",        "@default", "clone3", "openat2:ENOSYS", "read:EPERM",
                                            "mount", "brk",   "no_such",     "mseal",    "socket", "exit_group",     "write:kill", "@system-service", "@mount", "@privileged", "@file-system",
                                            "mo\\unt", "@network-io:EPERM"};
    static constexpr const char* capabilities[] = {"CAP_CHOWN", "cap_sys_admin", "CAP_SETUID", "CAP_KILL", "CAP_BPF"};
    static constexpr const char* spaces[] = {"user", "pid", "net", "mnt", "ipc", "uts", "cgroup"};
    static constexpr const char* truths[] = {"yes", "no", "true", "0", "on", "f"};
    switch (draw(6)) {
      case 0:
      case 1: return "SystemCallFilter=" + list(calls) + "\n";
      case 2: return "CapabilityBoundingSet=" + list(capabilities) + "\n";
      case 3: return "RestrictNamespaces=" + (draw(4) == 0 ? std::string(one_of(truths)) : list(spaces)) + "\n";
      case 4: return std::string("MemoryDenyWriteExecute=") + one_of(truths) + "\n";
      default: return std::string("RestrictSUIDSGID = ") + one_of(truths) + "\n";
    }
  }

  std::mt19937 random_;
};

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
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
  const char* const count = std::getenv("POLC_ORACLE_UNITS");
  const unsigned units = count == nullptr ? 400 : static_cast<unsigned>(std::strtoul(count, nullptr, 10));
  std::vector<std::string> texts;
  for (unsigned seed = 1; seed <= units; ++seed) texts.push_back(Drawer(seed).unit());
  agree(texts);
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
    const std::string text = bytes_of(entry.path());
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
