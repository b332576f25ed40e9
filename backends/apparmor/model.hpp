// What an AppArmor profile is made of, as far as polc prints it.
// The kernel asks for a file access by letters: `w` alone stands for seven of our verbs. Directories have names that
// end in a slash; that is how a rule tells them from everything else.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "apparmor/options.hpp"

namespace polc::apparmor {

/// The permissions of a file rule, a bit each.
using Letters = std::uint8_t;
inline constexpr Letters letter_r = 1, letter_w = 2, letter_a = 4, letter_k = 8, letter_m = 16, letter_x = 32;

/// The letters that the kernel asks for; 0: it does not ask.
Letters letters_of(FileVerb verb);
/// Everything that a letter permits. `w` holds `a`.
FileVerbs verbs_of(Letters letters);
/// The verb of a box that has just one.
FileVerb only_verb(FileVerbs verbs);

inline constexpr FileTypes dir_type{FileType::dir};
inline constexpr FileTypes other_types{FileType::file,    FileType::socket,  FileType::fifo,
                                       FileType::symlink, FileType::chardev, FileType::blockdev};
/// The types as a rule can tell them apart: directories, everything else, or both.
FileTypes seen_types(FileTypes types);
/// Does the rule ask for the process's own files? An owner by name cannot be said.
bool is_owner_rule(const ir::OwnerSet& owners);

/// The name of the profile that governs a policy; `parent//name` for a child.
std::string profile_name(const ir::Policy& policy, const target::Settings& settings);
/// The same for another policy of the file; a policy that the file does not have keeps its name.
std::string sibling_name(std::string_view policy, const target::Settings& settings);
/// The sibling's name within this policy's profile, when it is a child of it.
std::optional<std::string> child_name(std::string_view policy, const ir::Policy& of, const target::Settings& settings);

// quote.cpp: text that the parser reads back as just these bytes.
std::string quoted_bytes(std::string_view bytes);
std::string quoted(std::string_view bytes);
/// A pattern for objects of these types (dirs, others or both), without its quotes.
std::string path_text(const sets::PathPattern& place, FileTypes types);
/// The patterns of one rule, a text each; a pattern and everything below it share one.
std::vector<std::string> path_texts(const std::vector<sets::PathPattern>& places, FileTypes types);

std::span<const target::Capability> capabilities();
std::span<const target::Loading> loading();

}  // namespace polc::apparmor
