// Any bytes as a seccomp artefact: a reading or a located error, never a crash or a hang; what is read answers. The first byte
// chooses the format.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "knowledge/calls.hpp"
#include "seccomp/seccomp.hpp"
#include "support/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace polc;
  constexpr std::array formats{"bpf", "asm", "h", "oci"};
  if (size == 0) return 0;
  target::Settings settings;
  settings.format = formats[bytes[0] % formats.size()];
  const std::string text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  for (const Arch arch : {Arch::x86_64, Arch::s390x, Arch::arm}) {
    const auto reading = seccomp::backend().read(text, {Os::linux_os, arch, {}}, settings);
    if (!reading) {
      POLC_CHECK(reading.error().line > 0 && !reading.error().message.empty(), "an error has a place and words");
      continue;
    }
    constexpr std::uint16_t calls[]{0, 100, 300};
    for (const std::uint16_t call : calls)
      (void)eval::decide(reading->permits, ir::CallPoint{CallId{call}, {1, ~0ull, 1ull << 32, 4, 5, 6}});
  }
  return 0;
}
