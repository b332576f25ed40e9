#pragma once

#include "target/backend.hpp"

namespace polc::seccomp {

target::Projection project(const ir::Box& box, ir::Effect effect, const ir::Policy& policy,
                           const target::Settings& settings);
/// With exec=launcher: every execution.
bool is_opened(const ir::Point& point, const target::Settings& settings);
std::vector<ir::Box> unmediated(const ir::Policy& policy, const target::Settings& settings);

}  // namespace polc::seccomp
