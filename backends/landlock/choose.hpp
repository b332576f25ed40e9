// What a rule set says for a policy, by the options in force.
//   Options options = options_of(settings, arch);   Ruleset rules = ruleset_of(source, options, gaps);
#pragma once

#include <string>
#include <vector>

#include "landlock/options.hpp"
#include "landlock/ruleset.hpp"
#include "target/backend.hpp"

namespace polc::landlock {

/// Those in force, with what the format and the architecture say.
Options options_of(const target::Settings& settings, Arch arch);

/// The rule set for what the policy allows; nothing in it is for denies. Its own reading (read.hpp) says what it
/// permits.
Ruleset ruleset_of(const target::Source& source, const Options& options);

/// `choose` made this.
const Ruleset& ruleset_in(const target::Chosen& chosen);

// choose_net.cpp
void choose_net(const target::Source& source, Ruleset& rules);

target::Chosen choose(const target::Source& source, const target::Settings& settings);

}  // namespace polc::landlock
