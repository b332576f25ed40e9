#include "artefact_mutations.hpp"

#include "lines.hpp"

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
    {"systrace", "deny", "permit"},     {"systrace", "permit", "deny"},     {"systrace", "$\"", "\""},         {"systrace", "\"^", "\""},
    {"systrace", " eq ", " sub "},      {"systrace", "\\\\.", "."},         {"systrace", "[^/]*", ".*"},       {"systrace", "443", "444"},
    {"systrace", "tcp", "udp"},         {"systrace", "[4-9]", "[3-9]"},     {"systrace", "/.+", ".*"},         {"systrace", "+$", "*$"},
    {"systrace", " re ", " eq "},       {"systrace", "1001", "1002"},       {"systrace", "match", "eq"},       {"systrace", "native-a", "native-chflags-a"},
    {"systrace", "then permit", "then deny[enoent]"},
};

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
