#include "grsecurity/model.hpp"

#include <algorithm>

#include "knowledge/relation.hpp"

namespace polc::grsecurity {

using sets::PathPattern;

bool is_printable_path(std::string_view path) {
  if (path.size() > 4095 || path.find("$(") != std::string_view::npos || path.starts_with("$HOME")) return false;
  // `"` ends a quoted path and has no escape; a wildcard would make the object a glob, which gradm and the kernel read
  // differently; CR is refused and other control characters have never been tried.
  return std::none_of(path.begin(), path.end(), [](unsigned char c) {
    return c < 0x20 || c == 0x7f || c == '"' || c == '*' || c == '?' || c == '[';
  });
}

std::optional<std::string> object_of(const PathPattern& pattern) {
  std::string path = target::literal_part(pattern);
  if (target::covers("/dev/pts", path)) return "/dev/pts";  // gradm refuses /dev/pts/0
  if (!is_printable_path(path)) return std::nullopt;
  return path;
}

namespace {

Letters own_letters_for(FileVerb verb) {
  switch (verb) {
    case FileVerb::read: return letter_r;
    case FileVerb::write:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown:
    case FileVerb::utime:
    case FileVerb::xattr: return letter_w;
    case FileVerb::append: return letter_a;
    case FileVerb::create: return letter_w | letter_c;
    case FileVerb::remove: return letter_w | letter_d;
    case FileVerb::rename: return letter_r | letter_w | letter_c | letter_d;
    case FileVerb::link: return letter_l | letter_c;
    case FileVerb::exec:
    case FileVerb::map: return letter_x;
    case FileVerb::stat:
    case FileVerb::chdir:
    case FileVerb::chroot:
    case FileVerb::watch: return letter_seen;
    case FileVerb::lock:
    case FileVerb::ioctl: return 0;
  }
  return 0;
}

}  // namespace

Letters letters_for(FileVerb verb) {
  Letters letters = own_letters_for(verb);
  if (verb == FileVerb::write) return letters;  // `w` brings append
  for (const knowledge::ImpliedVerb& implied : knowledge::implied_file_verbs())
    if (implied.of == verb) letters |= own_letters_for(implied.also);
  return letters;
}

Letters letters_against(FileVerb verb, bool keeps_append) {
  switch (verb) {
    case FileVerb::create: return letter_c;
    case FileVerb::remove: return letter_d;
    case FileVerb::link: return letter_l;
    case FileVerb::exec:
    case FileVerb::map: return letter_x;
    case FileVerb::read: return letter_r;
    case FileVerb::append: return letter_w | letter_a;
    case FileVerb::write:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown:
    case FileVerb::utime:
    case FileVerb::xattr:
    case FileVerb::rename: return keeps_append ? letter_w : letter_w | letter_a;
    case FileVerb::stat:
    case FileVerb::chdir:
    case FileVerb::chroot:
    case FileVerb::watch: return letter_seen;
    case FileVerb::lock:
    case FileVerb::ioctl: return 0;
  }
  return 0;
}

}  // namespace polc::grsecurity
