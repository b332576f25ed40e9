// The rules of a profile as lines of text; print.cpp puts them into a profile.
#pragma once

#include "apparmor/ruleset.hpp"

namespace polc::apparmor {

/// How lines name profiles.
struct Naming {
  const ir::Policy& policy;
  const target::Settings& settings;
};

/// Without indentation, with its comma.
std::string text_of(const CapabilityLine& line, const Naming& naming);
std::string text_of(const NetworkLine& line, const Naming& naming);
std::string text_of(const PeerLine& line, const Naming& naming);
std::string text_of(const WordLine& line, const Naming& naming);
std::string text_of(const FileLine& line, const Naming& naming);
std::string text_of(const LinkLine& line, const Naming& naming);
std::string text_of(const ir::Limit& limit);

/// The programs that the profile attaches to, by all their names, as one quoted pattern; empty for none.
std::string attachment_text(const ir::Policy& policy);

}  // namespace polc::apparmor
