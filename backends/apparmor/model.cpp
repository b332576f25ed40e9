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

Abi abi_of(const target::Settings& settings) {
  const std::string_view abi = settings.at("abi");
  return abi == "5.0" ? Abi::v5 : abi == "4.0" ? Abi::v4 : Abi::v3;
}

std::vector<std::string> abstractions_of(const target::Settings& settings) {
  std::vector<std::string> names;
  const auto named = settings.options.find("abstractions");  // of an artefact that is compared there may be no options
  std::string_view rest = named == settings.options.end() ? std::string_view() : named->second;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    names.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return names;
}

bool has_abstractions(const target::Settings& settings) { return !settings.at("abstractions").empty(); }

namespace {

using Options = std::map<std::string, std::string, std::less<>>;

std::string own_part(std::string_view policy, const Options& options) {
  const auto name = options.find("name");
  return std::string(name == options.end() || name->second.empty() ? policy : name->second);
}

std::string parent_of(const Options& options) {
  const auto parent = options.find("child_of");
  return parent == options.end() ? "" : parent->second;
}

std::string full_name(std::string_view policy, const Options& options, const target::Settings& settings) {
  const std::string parent = parent_of(options);
  if (parent.empty()) return own_part(policy, options);
  const auto known = settings.siblings.find(parent);  // else it is this one: diagnostics.cpp sees to that
  const std::string above = own_part(parent, known == settings.siblings.end() ? settings.options : known->second);
  return above + "//" + own_part(policy, options);
}

}  // namespace

std::string profile_name(const ir::Policy& policy, const target::Settings& settings) {
  return full_name(policy.name, settings.options, settings);
}

std::string sibling_name(std::string_view policy, const target::Settings& settings) {
  const auto known = settings.siblings.find(policy);
  return known == settings.siblings.end() ? std::string(policy) : full_name(policy, known->second, settings);
}

std::optional<std::string> child_name(std::string_view policy, const ir::Policy& of, const target::Settings& settings) {
  const auto known = settings.siblings.find(policy);
  if (known == settings.siblings.end() || parent_of(known->second) != of.name) return std::nullopt;
  return own_part(policy, known->second);
}

}  // namespace polc::apparmor
