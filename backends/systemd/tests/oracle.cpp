#include "oracle.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "knowledge/calls.hpp"
#include "knowledge/names.hpp"

namespace polc::systemd::testing {

namespace fs = std::filesystem;

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

namespace {

// Names that systemd ignores, and those of calls that polc's table does not have, are nobody's. Three of its groups' are unknown to
// the libseccomp of Debian 12.
bool is_compared(const std::string& name) {
  const bool is_unknown = name == "riscv_hwprobe" || name == "uretprobe" || name == "sys_debug_setcontext";
  return !is_unknown && systemd::is_known(name) && knowledge::find_call(Os::linux_os, name);
}

}  // namespace

Understood by_reader(const Unit& read) {
  Understood unit{read.filters, read.allows, {}, {}, {}, {}, false, read.denies_write_execute, read.denies_set_id};
  for (const auto& [name, line] : read.calls)
    if (is_compared(name)) unit.calls.insert(name);
  for (const auto& [name, answer] : read.answers)
    if (is_compared(name)) unit.answers.insert(name + ":" + answer);
  for (const auto& [name, number] : knowledge::capabilities())
    if (((read.capabilities >> number) & 1u) != 0) unit.capabilities.insert("cap_" + std::string(name));
  unit.restricts_namespaces = read.namespaces != 0;
  for (const NamedNumber& space : namespaces())
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

Units::Units() {
  std::string name = (fs::temp_directory_path() / "polc-units-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  directory_ = name;
  fs::permissions(directory_, fs::perms::others_read | fs::perms::others_exec, fs::perm_options::add);
  for (const char* one : {"run", "0", "1"}) fs::create_directory(directory_ / one);
  fs::permissions(directory_ / "run", fs::perms::all);  // systemd makes a folder of its own there
}

Units::~Units() { fs::remove_all(directory_); }

std::vector<std::string> Units::directories() const { return {(directory_ / "0").string(), (directory_ / "1").string()}; }

fs::path Units::add(const std::string& service, const std::string& rest_of_name) {
  names_.push_back("u" + std::to_string(names_.size()) + rest_of_name + ".service");
  const fs::path file = directory_ / "1" / names_.back();
  std::ofstream(file) << "[Unit]\nDefaultDependencies=no\n" << service << "\n[Service]\nExecStart=/bin/true\n";
  return file;
}

void Units::write(unsigned directory, const std::string& name, const std::string& text) const {
  const fs::path path = directory_ / std::to_string(directory) / name;
  fs::create_directories(path.parent_path());
  if (!fs::is_symlink(path)) std::ofstream(path) << text;
}

void Units::link(unsigned directory, const std::string& name, const std::string& target) const {
  const fs::path path = directory_ / std::to_string(directory) / name;
  fs::create_directories(path.parent_path());
  std::error_code there_already;
  fs::create_symlink(target, path, there_already);
}

namespace {

void note_directive(Understood& unit, const std::string& line) {
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
    unit.restricts_namespaces = unit.namespaces.size() != namespaces().size();
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

}  // namespace

std::vector<Understood> Units::by_systemd() const {
  std::ofstream target(directory_ / "0/all.target");
  target << "[Unit]\nDefaultDependencies=no\nWants=";
  for (const std::string& name : names_) target << " " << name;
  target << "\n";
  target.close();
  const std::string as = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : "";
  const std::string path = directories()[0] + ":" + directories()[1];
  const std::string command = as + "env -i XDG_RUNTIME_DIR=" + directory_.string() + "/run SYSTEMD_UNIT_PATH=" + path + " " + program +
                              " --test --user --unit=all.target 2>&1";
  return parsed(output_of(command));
}

// "\t-> Unit u7.service:", then "\t\tSystemCallFilter: ~read write" and others; what is not restricted has no line.
std::vector<Understood> Units::parsed(const std::string& text) const {
  std::vector<Understood> units(names_.size());
  std::size_t seen = 0;
  Understood* unit = nullptr;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("\t-> Unit ")) {
      unsigned number = 0;
      const bool is_ours = std::sscanf(line.c_str(), "\t-> Unit u%u", &number) == 1 && number < names_.size() && line == "\t-> Unit " + names_[number] + ":";
      unit = is_ours ? &units[number] : nullptr;
      if (unit == nullptr) continue;
      ++seen;
      for (const auto& [name, bit] : knowledge::capabilities()) unit->capabilities.insert("cap_" + std::string(name));
    }
    if (unit != nullptr) note_directive(*unit, line);
  }
  REQUIRE_MESSAGE(seen == names_.size(), text.substr(0, 2000));
  return units;
}

std::string Drawer::unit() {
  std::string text = "[Service]\n";
  for (unsigned left = 1 + draw(9); left != 0; --left) text += directive();
  return text;
}

template <std::size_t n>
std::string Drawer::list(const char* const (&words)[n]) {
  if (draw(8) == 0) return draw(2) == 0 ? "" : "~";
  std::string text = draw(3) == 0 ? "~" : "";
  for (unsigned left = 1 + draw(4); left != 0; --left) text += std::string(one_of(words)) + (left == 1 ? "" : draw(6) == 0 ? " \\\n  " : draw(12) == 0 ? " \\\r\n# between\r " : " ");
  return text;
}

std::string Drawer::directive() {
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

}  // namespace polc::systemd::testing
