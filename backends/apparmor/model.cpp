#include "apparmor/model.hpp"

#include <array>

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

target::Feature feature_of(FileVerb verb) {
  static_assert(static_cast<unsigned>(target::Feature::file_watch) == file_verb_names.size() - 1);
  return static_cast<target::Feature>(verb);  // features.def lists the verbs first, in their order
}

FileTypes seen_types(FileTypes types) {
  FileTypes seen;
  if (types.contains(FileType::dir)) seen = dir_type;
  if (!(types & other_types).empty()) seen = seen | other_types;
  return seen;
}

bool is_owner_rule(const ir::OwnerSet& owners) { return !owners.any && owners.self && owners.names.empty(); }

Abi abi_of(const target::Settings& settings) {
  const std::string_view abi = settings.at("abi");
  return abi == "5.0" ? Abi::v5 : abi == "4.0" ? Abi::v4 : Abi::v3;
}

std::string profile_name(const ir::Policy& policy, const target::Settings& settings) {
  const std::string_view name = settings.at("name");
  return name.empty() ? policy.name : std::string(name);
}

}  // namespace polc::apparmor
