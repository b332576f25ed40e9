#include "apparmor/model.hpp"

#include <algorithm>

namespace polc::apparmor {

// Kernel 6.1, security/apparmor/lsm.c: no hook looks at stat by path (the parser always grants it), chdir, chroot, time
// stamps, extended attributes, ioctl or inotify.
Letters letters_of(FileVerb verb) {
  switch (verb) {
    case FileVerb::read: return letter_r;
    case FileVerb::append: return letter_a;
    case FileVerb::write:
    case FileVerb::create:
    case FileVerb::remove:
    case FileVerb::truncate:
    case FileVerb::chmod:
    case FileVerb::chown: return letter_w;
    case FileVerb::exec: return letter_x;
    case FileVerb::map: return letter_m;
    case FileVerb::lock: return letter_k;
    case FileVerb::rename:
    case FileVerb::link:
    case FileVerb::utime:
    case FileVerb::xattr:
    case FileVerb::stat:
    case FileVerb::chdir:
    case FileVerb::chroot:
    case FileVerb::ioctl:
    case FileVerb::watch: return 0;
  }
  return 0;
}

FileVerbs verbs_of(Letters letters) {
  FileVerbs verbs;
  for (unsigned i = 0; i < file_verb_names.size(); ++i)
    if (const auto verb = static_cast<FileVerb>(i); (letters_of(verb) & letters) != 0) verbs.insert(verb);
  if ((letters & letter_w) != 0) verbs.insert(FileVerb::append);
  return verbs;
}

FileVerb only_verb(FileVerbs verbs) {
  FileVerb only{};
  verbs.for_each([&](FileVerb verb) { only = verb; });
  return only;
}

FileTypes seen_types(FileTypes types) {
  FileTypes seen;
  if (types.contains(FileType::dir)) seen = dir_type;
  if (!(types & other_types).empty()) seen = seen | other_types;
  return seen;
}

bool is_owner_rule(const ir::OwnerSet& owners) { return !owners.any && owners.self && owners.names.empty(); }

namespace {

std::string own_part(std::string_view policy, const Options& options) {
  return options.name.empty() ? std::string(policy) : options.name;
}

std::string full_name(std::string_view policy, const Options& options, const target::Settings& settings) {
  if (options.child_of.empty()) return own_part(policy, options);
  const auto known = settings.siblings.find(options.child_of);  // else it is this one: diagnostics.cpp sees to that
  const Options& above = known == settings.siblings.end() ? options_of(settings) : known->second.as<Options>();
  return own_part(options.child_of, above) + "//" + own_part(policy, options);
}

}  // namespace

std::string profile_name(const ir::Policy& policy, const target::Settings& settings) {
  return full_name(policy.name, options_of(settings), settings);
}

std::string sibling_name(std::string_view policy, const target::Settings& settings) {
  const auto known = settings.siblings.find(policy);
  return known == settings.siblings.end() ? std::string(policy)
                                          : full_name(policy, known->second.as<Options>(), settings);
}

std::optional<std::string> child_name(std::string_view policy, const ir::Policy& of, const target::Settings& settings) {
  const auto known = settings.siblings.find(policy);
  if (known == settings.siblings.end() || known->second.as<Options>().child_of != of.name) return std::nullopt;
  return own_part(policy, known->second.as<Options>());
}

}  // namespace polc::apparmor
