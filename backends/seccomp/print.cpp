#include "seccomp/print.hpp"

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

target::Printed print_together(Members policies) {
  const std::string& format = policies.front().settings.format;
  target::Printed out;
  // A profile has no way to say that two policies hold at once.
  if (format == "oci" && policies.size() > 1)
    out.unfit = "a profile says one policy on one architecture; leave out --fuse and further ones of --arch, or "
                "name these by --option=seccomp.arch";
  if (format == "oci") return policies.size() == 1 ? oci_text(policies.front()) : out;
  const Generated generated = generate(policies);
  const auto origins = origins_of(generated.program, policies);
  if (format == "bpf") out.text = raw_bytes(generated.program), out.origins = origins;
  else out = format == "h" ? header_text(generated.program, policies, origins) : asm_text(generated, policies, origins);
  if (generated.program.size() > longest_program)
    out.unfit = fmt::format("{} instructions, the kernel takes {}", generated.program.size(), longest_program);
  return out;
}

target::Printed print(const target::Chosen& chosen, const target::Source& source, const target::Settings& settings) {
  const target::Member one{chosen, source, settings};
  return print_together({&one, 1});
}

}  // namespace polc::seccomp
