// The formats, each in a file of its own.
#pragma once

#include "seccomp/generate.hpp"

namespace polc::seccomp {

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings);
target::Printed print_together(Members policies);

/// `origins`: of each instruction.
target::Printed asm_text(const Generated& generated, Members policies, const std::vector<target::Origin>& origins);
target::Printed header_text(const Program& program, Members policies, const std::vector<target::Origin>& origins);
std::string raw_bytes(const Program& program);

}  // namespace polc::seccomp
