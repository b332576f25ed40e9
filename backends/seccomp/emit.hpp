#pragma once

#include <span>

#include "seccomp/generate.hpp"

namespace polc::seccomp {

target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap& sources);
target::Artifact emit_together(std::span<const target::LegalPolicy* const> policies, const diag::SourceMap& sources);

// The formats, each in a file of its own.
std::string asm_text(const Generated& generated, std::span<const target::LegalPolicy* const> policies,
                     const diag::SourceMap& sources);
std::string raw_bytes(const Program& program);
std::string header_text(const Program& program, std::span<const target::LegalPolicy* const> policies);

}  // namespace polc::seccomp
