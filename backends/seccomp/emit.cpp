#include "seccomp/emit.hpp"

#include <fmt/format.h>

#include "seccomp/oci.hpp"

namespace polc::seccomp {

std::string raw_bytes(const Program& program) {
  std::string bytes;
  bytes.reserve(program.size() * 8);
  const auto put = [&](std::uint32_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<char>(value >> (8 * i)));
  };
  for (const Instruction& one : program) put(one.code, 2), put(one.jt, 1), put(one.jf, 1), put(one.k, 4);
  return bytes;
}

target::Artifact emit_together(std::span<const target::LegalPolicy* const> policies, const diag::SourceMap& sources) {
  // A profile has no way to say that two policies hold at once.
  if (policies.front()->settings().format == "oci")
    return policies.size() == 1 ? target::Artifact{oci_text(policies)}
                                : target::Artifact{"", "a profile says one policy, not several"};
  const Generated generated = generate(policies);
  target::Artifact artifact;
  if (generated.program.size() > longest_program)
    artifact.too_large = fmt::format("{} instructions, the kernel takes {}", generated.program.size(), longest_program);
  const std::string& format = policies.front()->settings().format;
  if (format == "bpf") artifact.text = raw_bytes(generated.program);
  else if (format == "h") artifact.text = header_text(generated.program, policies);
  else artifact.text = asm_text(generated, policies, sources);
  return artifact;
}

target::Artifact emit(const target::LegalPolicy& policy, const diag::SourceMap& sources) {
  const target::LegalPolicy* const one[] = {&policy};
  return emit_together(one, sources);
}

}  // namespace polc::seccomp
