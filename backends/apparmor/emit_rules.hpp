// The rules of a profile as lines of text; emit.cpp puts them into a profile.
#pragma once

#include "apparmor/model.hpp"

namespace polc::apparmor {

/// The parts of a profile, in the order in which they are printed.
enum class Section : std::uint8_t { capabilities, network, processes, mounts, files, links };
inline constexpr std::size_t section_count = 6;

struct Line {
  ir::RuleId rule;
  std::string text;  // without indentation, with its comma
};

/// In the order of the policy's rules; a text may occur twice.
std::vector<Line> lines_of(const target::LegalPolicy& legal, Section section);

/// The programs that the profile attaches to, by all their names, as one quoted pattern; empty for none.
std::string attachment_text(const ir::Policy& policy);

}  // namespace polc::apparmor
