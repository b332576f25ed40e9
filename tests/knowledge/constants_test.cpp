// Are the constants of src/knowledge/ those of the C headers at hand, on every architecture, and are all there?
// constant_families.tsv says what a constant is, left_out.tsv which are not wanted, later_constants.tsv which came
// after the oldest headers that this is to pass with (Linux 6.1, Debian 12), other_values.tsv which some headers give
// another value, by_hand.tsv which no header has. header_constants.sh reads the headers.
//   knowledge_constants x86_64      knowledge_constants aarch64 arm riscv64 ...    each 0, or 77 when nothing could be
//   read
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "knowledge/names.hpp"

namespace {

using polc::Arch;
using polc::Os;
using Columns = std::vector<std::string>;

const std::string here = POLC_SOURCE_DIR "/tests/knowledge/";

int failures = 0;
void fail(const std::string& what) {
  ++failures;
  std::printf("FAILED: %s\n", what.c_str());
}

Columns columns_of(const std::string& line) {
  Columns columns{""};
  for (const char c : line) {
    if (c == '\t') columns.emplace_back();
    else columns.back() += c;
  }
  return columns;
}

/// A table of this folder, without its comments.
std::vector<Columns> table(const std::string& name, std::size_t width) {
  std::vector<Columns> rows;
  std::ifstream file(here + name);
  if (!file) fail(name + " cannot be read");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.front() == '#') continue;
    rows.push_back(columns_of(line));
    if (rows.back().size() != width) fail(name + ": not " + std::to_string(width) + " columns: " + line);
  }
  return rows;
}

struct Constant {
  std::optional<std::uint64_t> value;  // nothing: the compiler finds no number in it
  std::string header;
};
using Constants = std::multimap<std::string, Constant>;

/// How the headers of an architecture are read.
struct Machine {
  Arch arch;
  const char* triple;    // Debian's folder of the architecture's own headers
  const char* compiler;  // which may need no library and no assembler
};
constexpr Machine machines[] = {
    {Arch::x86_64, "x86_64-linux-gnu", "cc -m64"},
    {Arch::x86, "x86_64-linux-gnu", "cc -m32"},
    {Arch::x32, "x86_64-linux-gnu", "cc -mx32"},
    {Arch::aarch64, "aarch64-linux-gnu", "clang --target=aarch64-linux-gnu -fno-integrated-as"},
    {Arch::arm, "arm-linux-gnueabihf", "clang --target=arm-linux-gnueabihf -fno-integrated-as"},
    {Arch::riscv64, "riscv64-linux-gnu", "clang --target=riscv64-linux-gnu -fno-integrated-as"},
    {Arch::ppc64le, "powerpc64le-linux-gnu", "clang --target=powerpc64le-linux-gnu -fno-integrated-as"},
    {Arch::s390x, "s390x-linux-gnu", "clang --target=s390x-linux-gnu -fno-integrated-as"},
    {Arch::mips64, "mips64-linux-gnuabi64", "clang --target=mips64-linux-gnuabi64 -fno-integrated-as"},
};

bool exists(const std::string& path) { return ::access(path.c_str(), R_OK) == 0; }

/// Adds what the script prints; false: it could not do it.
bool read(const std::string& arguments, Constants& constants) {
  const std::string command = "'" + here + "header_constants.sh' '" + here + "constant_families.tsv' " + arguments;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return false;
  std::string line;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) {
    if (c != '\n') {
      line += static_cast<char>(c);
      continue;
    }
    const Columns columns = columns_of(line);
    line.clear();
    if (columns.size() != 3) return fail(command + ": " + line), false;
    Constant constant{std::nullopt, columns[2]};
    if (columns[0] != "-" && columns[1] != "-") constant.value = std::stoull(columns[1], nullptr, 16);
    constants.emplace(columns[0] == "-" ? "- " + columns[1] : columns[0], constant);
  }
  return ::pclose(pipe) == 0;
}

/// Where this machine's headers of an architecture stand: the package linux-libc-dev has them all from Debian 13 on, in
/// Debian 12 the others are linux-libc-dev-*-cross. POLC_HEADERS: another folder than /usr/include.
std::optional<std::string> arguments_for(const Machine& machine) {
  const char* given = std::getenv("POLC_HEADERS");
  const std::string root = given != nullptr ? given : "/usr/include";
  const std::string own = root + "/" + machine.triple, cross = std::string("/usr/") + machine.triple + "/include";
  if (exists(own + "/asm/ioctl.h")) return "kernel " + root + " " + machine.compiler + " -isystem " + own;
  if (exists(cross + "/asm/ioctl.h")) return "kernel " + cross + " " + machine.compiler;
  return std::nullopt;
}

// Releases of Linux as its headers number them: what they lack of the lists is told by the oldest, what the table lacks
// by those that it is dated to.
constexpr long first_after_oldest = 6 << 16 | 2 << 8, first_after_table = 7 << 16 | 3 << 8;
long release_of(const std::string& arguments) {
  const std::string from = arguments.substr(arguments.find(' ') + 1);
  std::ifstream file(from.substr(0, from.find(' ')) + "/linux/version.h");
  std::string define, name;
  long code = 0;
  while (file >> define >> name && name != "LINUX_VERSION_CODE") file.ignore(1000, '\n');
  file >> code;
  return code;
}

bool can_run(const std::string& compiler) {
  return std::system(("command -v " + compiler.substr(0, compiler.find(' ')) + " > /dev/null").c_str()) == 0;
}

// ---- the lists

class LeftOut {
 public:
  LeftOut() {
    for (const Columns& row : table("left_out.tsv", 2))
      patterns_.push_back({row[0], std::regex(row[0], std::regex::extended), row[1].starts_with("elsewhere:")});
  }
  bool has(const std::string& name) {
    for (Pattern& pattern : patterns_)
      if (std::regex_match(name, pattern.regex)) return pattern.is_used = true;
    return false;
  }
  void check_used() const {
    for (const Pattern& pattern : patterns_)
      if (!pattern.is_used) fail("left_out.tsv: no header has " + pattern.text);
  }

 private:
  struct Pattern {
    std::string text;
    std::regex regex;
    bool is_used;
  };
  std::vector<Pattern> patterns_;
};

std::set<std::string> names_of(const char* file, std::size_t width) {
  std::set<std::string> names;
  for (const Columns& row : table(file, width))
    if (!names.insert(row[0]).second) fail(std::string(file) + ": twice: " + row[0]);
  return names;
}

std::string hex(std::uint64_t value) {
  char text[32];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

// ---- the comparison

/// Every constant of the headers against the table; the number of values compared.
int compare(Arch arch, const Constants& constants, LeftOut& left_out, bool is_newer) {
  const auto changed = names_of("other_values.tsv", 2);
  int compared = 0;
  std::set<std::string> lacking;
  for (const auto& [name, constant] : constants) {
    if (name.starts_with("- ")) {
      // Each architecture has headers of its own that the others lack.
      if (name.find(": fatal error: ") == name.npos && !left_out.has(constant.header))
        fail(constant.header + " is not read: " + name.substr(2));
      continue;
    }
    if (left_out.has(name)) continue;
    const auto known = polc::knowledge::find_constant(Os::linux_os, arch, name);
    if (!constant.value) {
      // What one header cannot say another may.
      const auto [first, last] = constants.equal_range(name);
      if (std::all_of(first, last, [](const auto& one) { return !one.second.value; }) && !known)
        fail(name + " of " + constant.header + " is no number");
    } else if (!known) {
      if (lacking.insert(name).second)
        fail("the table lacks {\"" + name + "\", " + hex(*constant.value) + "}, of " + constant.header);
    } else {
      ++compared;
      if (*known != *constant.value && !changed.contains(name))
        fail(std::string(name_of(arch)) + ": " + name + " is " + hex(*constant.value) + " in " + constant.header +
             ", " + hex(*known) + " in the table");
    }
  }
  if (is_newer) std::printf("newer than the table: %zu names\n", lacking.size());
  return compared;
}

/// What the table has beyond the headers stands in a list, and nothing else does.
void check_lists(const Constants& constants) {
  const auto later = names_of("later_constants.tsv", 3), by_hand = names_of("by_hand.tsv", 2);
  int not_at_hand = 0;
  for (const auto& [name, value] : polc::knowledge::constants_of(Os::linux_os)) {
    const std::string text(name);
    const auto [first, last] = constants.equal_range(text);
    const bool is_at_hand = std::any_of(first, last, [](const auto& one) { return one.second.value.has_value(); });
    if (!is_at_hand && !later.contains(text) && !by_hand.contains(text))
      fail(text + " is in no header at hand, in later_constants.tsv or by_hand.tsv");
    if (is_at_hand && by_hand.contains(text)) fail("by_hand.tsv: a header has " + text);
    not_at_hand += !is_at_hand && later.contains(text);
  }
  for (const auto* list : {&later, &by_hand})
    for (const std::string& name : *list)
      if (!polc::knowledge::find_constant(Os::linux_os, name)) fail("listed, and not in the table: " + name);
  std::printf("not in the headers at hand: %d names of later_constants.tsv, %zu of by_hand.tsv\n", not_at_hand,
              by_hand.size());
}

bool check(const Machine& machine, LeftOut& left_out, bool is_native) {
  const std::string name(name_of(machine.arch));
  if (!can_run(machine.compiler))
    return std::printf("SKIPPED: %s: no compiler: %s\n", name.c_str(), machine.compiler), false;
  const auto arguments = arguments_for(machine);
  if (!arguments) return std::printf("SKIPPED: %s: no headers: %s\n", name.c_str(), machine.triple), false;
  Constants constants;
  if (!read(*arguments, constants)) fail(name + ": header_constants.sh failed");
  if (is_native && !read("libc /usr/include cc", constants)) fail("header_constants.sh failed for libc");
  const long release = release_of(*arguments);
  const int compared = compare(machine.arch, constants, left_out, release >= first_after_table);
  std::printf("%s: %d values compared\n", name.c_str(), compared);
  if (compared < 4000) fail(name + ": too few constants to believe it");
  if (is_native && release < first_after_oldest) {
    check_lists(constants);
    left_out.check_used();
  }
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  LeftOut left_out;
  int done = 0;
  for (int i = 1; i < count; ++i)
    for (const Machine& machine : machines) {
      if (name_of(machine.arch) != arguments[i]) continue;
      const bool native = machine.arch == Arch::x86_64;
      done += check(machine, left_out, native);
    }
  if (done == 0) return 77;
  std::printf("%d architectures, %d failures\n", done, failures);
  return failures == 0 ? 0 : 1;
}
