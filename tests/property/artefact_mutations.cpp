#include "artefact_mutations.hpp"

#include <set>

namespace polc::property {
namespace {

struct Edit {
  std::string_view target, from, to;
};
// What opens, closes or moves something in each target's own words; applied at each place where a line has them.
constexpr Edit edits[] = {
    {"apparmor", "deny ", ""},          {"apparmor", "owner ", ""},         {"apparmor", "\" r", "\" rw"},     {"apparmor", "\" w", "\" rw"},
    {"apparmor", "\" r", "\" w"},       {"apparmor", "rm,", "r,"},          {"apparmor", "k,", ","},           {"apparmor", "*\"", "\""},
    {"apparmor", "**", "*"},            {"apparmor", "[^/]", ""},           {"apparmor", "{,/}", ""},          {"apparmor", "\" r", "/**\" r"},
    {"apparmor", "/\" ", "/**\" "},     {"apparmor", "stream", "dgram"},    {"apparmor", " stream,", ","},     {"apparmor", "inet6", "inet"},
    {"apparmor", "capability s", "capability sys_admin, capability s"},     {"apparmor", "unix ", "netlink "}, {"apparmor", "peer=", "peer=x"},
    {"apparmor", "ix", "Ux"},           {"apparmor", "px", "ix"},           {"apparmor", "(receive)", "(send, receive)"},
    {"grsecurity", " r", " rw"},        {"grsecurity", " h", " r"},         {"grsecurity", " rw", " rwx"},     {"grsecurity", "c", ""},
    {"grsecurity", "d", ""},            {"grsecurity", "-CAP", "+CAP"},     {"grsecurity", "stream", "dgram"}, {"grsecurity", "tcp", "udp"},
    {"grsecurity", ":443", ":442-443"}, {"grsecurity", "-9100", "-9101"},   {"grsecurity", "9001", "9002"},    {"grsecurity", "/0:", "/1:"},
    {"grsecurity", "127.0.0.1", "0.0.0.0/0"}, {"grsecurity", "connect", "bind"}, {"grsecurity", " x", " "},    {"grsecurity", "/lib", "/usr"},
    {"systrace", "deny", "permit"},     {"systrace", "permit", "deny"},     {"systrace", "$\"", "\""},         {"systrace", "\"^", "\""},
    {"systrace", " eq ", " sub "},      {"systrace", "\\\\.", "."},         {"systrace", "[^/]*", ".*"},       {"systrace", "443", "444"},
    {"systrace", "tcp", "udp"},         {"systrace", "[4-9]", "[3-9]"},     {"systrace", "/.+", ".*"},         {"systrace", "+$", "*$"},
    {"systrace", " re ", " eq "},       {"systrace", "1001", "1002"},       {"systrace", "match", "eq"},       {"systrace", "native-a", "native-chflags-a"},
    {"systrace", "then permit", "then deny[enoent]"},
    {"systemd", "=", "=~"},             {"systemd", "read", "ptrace"},      {"systemd", "AF_INET ", "AF_PACKET "}, {"systemd", "CAP_SET", "CAP_SYS_ADMIN CAP_SET"},
    {"systemd", "yes", "no"},           {"systemd", "none", "AF_INET"},     {"systemd", "@default", "@default mount"}, {"systemd", "socket", ""},
    {"seccomp", "jeq", "jge"},          {"seccomp", "jge", "jgt"},          {"seccomp", "jset", "jeq"},        {"seccomp", "ld [0]", "ld [4]"},
    {"seccomp", "#0x1", "#0x2"},        {"seccomp", "#0x", "#0x1"},         {"seccomp", "and #0x", "and #0x1"}, {"seccomp", "ld [16]", "ld [20]"},
    {"seccomp", "ld [24]", "ld [16]"},  {"seccomp", "ld [32]", "ld [24]"},  {"seccomp", "#0x7fff0000", "#0x50001"}, {"seccomp", "#0x5000", "#0x7fff000"},
    {"seccomp", "EQ", "NE"},            {"seccomp", "ALLOW", "ERRNO"},      {"seccomp", "\"value\": ", "\"value\": 1"}, {"seccomp", "\"index\": 0", "\"index\": 1"},
    {"seccomp", "\"valueTwo\": ", "\"valueTwo\": 1"}, {"seccomp", "\"names\": [\"", "\"names\": [\"ptrace\", \""},
    {"seccomp", "\"defaultErrnoRet\": ", "\"defaultErrnoRet\": 1"}, {"seccomp", "{ 0x15", "{ 0x35"}, {"seccomp", ", 0, ", ", 1, "}, {"seccomp", ", 1, ", ", 0, "},
};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

class Mutator {
 public:
  Mutator(std::string_view target, const std::string& text) : target_(target), lines_(lines_of(text)) { seen_.insert(joined()); }

  std::vector<Mutant> run() {
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::string line = lines_[i];
      if (i + 1 < lines_.size()) {
        std::swap(lines_[i], lines_[i + 1]);
        add(i, "swapped with the next");
        std::swap(lines_[i], lines_[i + 1]);
      }
      lines_.erase(lines_.begin() + static_cast<std::ptrdiff_t>(i));
      add(i, "left out: " + line);
      lines_.insert(lines_.begin() + static_cast<std::ptrdiff_t>(i), line);
      for (const Edit& edit : edits)
        if (edit.target == target_) apply(i, line, edit);
      jumps(i, line);
    }
    return std::move(mutants_);
  }

 private:
  void apply(std::size_t i, const std::string& line, const Edit& edit) {
    for (std::size_t at = line.find(edit.from); at != std::string::npos; at = line.find(edit.from, at + 1)) {
      lines_[i] = line.substr(0, at) + std::string(edit.to) + line.substr(at + edit.from.size());
      add(i, lines_[i]);
    }
    lines_[i] = line;
  }

  // `jeq #0x1, L2, L3`: the two ways the other way round.
  void jumps(std::size_t i, const std::string& line) {
    const auto second = line.rfind(", L");
    const auto first = second == std::string::npos ? second : line.rfind(", L", second - 1);
    if (target_ != "seccomp" || first == std::string::npos) return;
    const auto end = std::min(line.find_first_of(" ;", second + 2), line.size());
    lines_[i] = line.substr(0, first) + line.substr(second, end - second) + line.substr(first, second - first) + line.substr(end);
    add(i, lines_[i]);
    lines_[i] = line;
  }

  void add(std::size_t i, const std::string& what) {
    std::string text = joined();
    if (seen_.insert(text).second) mutants_.push_back({"line " + std::to_string(i + 1) + ": " + what, std::move(text)});
  }

  std::string joined() const {
    std::string text;
    for (const auto& line : lines_) text += line + "\n";
    return text;
  }

  std::string_view target_;
  std::vector<std::string> lines_;
  std::set<std::string> seen_;
  std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> mutants_of(std::string_view target, const std::string& text) { return Mutator(target, text).run(); }

}  // namespace polc::property
