#include "apparmor/read_modes.hpp"

namespace polc::apparmor {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_one_of(std::string_view letters, char c) { return letters.find(c) != std::string_view::npos; }

/// Old capitals are the same letters, but for those before `x`, which say that the environment is cleaned.
std::uint8_t permission_of(char c) {
  switch (lower(c)) {
    case 'r': return may_read;
    case 'w': return may_write | may_append;
    case 'a': return may_append;
    case 'k': return c == 'k' ? may_lock : 0;
    case 'm': return may_map;
    case 'l': return may_link;
    default: return 0;
  }
}

/// `x` with what stands before it; how many letters? 0: it is none.
std::size_t exec_at(std::string_view letters, FileMode& mode) {
  std::size_t at = 0;
  if (is_one_of("pc", lower(letters[0]))) mode.leads = lower(letters[at++]);
  if (at < letters.size() && is_one_of("iu", lower(letters[at])))
    (at == 0 ? mode.leads : mode.otherwise) = lower(letters[at]), ++at;
  return at < letters.size() && lower(letters[at]) == 'x' ? at + 1 : 0;
}

}  // namespace

std::optional<FileMode> mode_of(std::string_view letters) {
  FileMode mode;
  bool runs = false;
  for (std::size_t at = 0; at < letters.size();) {
    if (const std::uint8_t permission = permission_of(letters[at]); permission != 0) {
      mode.permissions |= permission;
      ++at;
      continue;
    }
    FileMode exec;
    const std::size_t length = exec_at(letters.substr(at), exec);
    if (length == 0 || (runs && (exec.leads != mode.leads || exec.otherwise != mode.otherwise))) return std::nullopt;
    runs = true;
    mode.leads = exec.leads;
    mode.otherwise = exec.otherwise;
    mode.permissions |= may_exec;
    at += length;
  }
  return letters.empty() ? std::nullopt : std::optional(mode);
}

}  // namespace polc::apparmor
