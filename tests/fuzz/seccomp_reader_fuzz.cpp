// Any bytes as a seccomp artefact: a reader or a located error, never a crash or a hang; what is read answers and can be
// walked symbolically. The first byte chooses the format.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "knowledge/calls.hpp"
#include "seccomp/read.hpp"
#include "seccomp/seccomp.hpp"
#include "seccomp/symbolic.hpp"
#include "support/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace polc;
  constexpr std::array formats{"bpf", "asm", "h", "oci"};
  if (size == 0) return 0;
  target::Settings settings;
  settings.format = formats[bytes[0] % formats.size()];
  const std::string text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto reader = target::read_artefact(seccomp::backend(), text, {}, settings);
  if (!reader) {
    POLC_CHECK(reader.error().line > 0 && !reader.error().message.empty(), "an error has a place and words");
    return 0;
  }
  constexpr std::uint16_t calls[]{0, 100, 300};
  for (const std::uint16_t call : calls)
    (void)(*reader)->permits(ir::CallPoint{CallId{call}, {1, ~0ull, 1ull << 32, 4, 5, 6}});
  (void)(*reader)->mentioned();
  if (settings.format == "oci") return 0;
  const auto listing = seccomp::listing_from(text, settings.format);
  POLC_CHECK(listing, "what was read once is read again");
  seccomp::Symbolic symbolic(listing->program, false, true, seccomp::action::allow);
  if (const auto cells = symbolic.cells())
    for (std::size_t i = 0; i < cells->size() && i < 20; ++i) (void)symbolic.answers((*cells)[i]);
  return 0;
}
