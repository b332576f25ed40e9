// The options of the verbs about what programs did: learn, replay, why.
#pragma once

#include "cli/options.hpp"

namespace CLI {
class App;
}

namespace polc::cli {

void describe_learn(CLI::App& app, Options& options);
void describe_replay(CLI::App& app, Options& options);
void describe_why(CLI::App& app, Options& options);

}  // namespace polc::cli
