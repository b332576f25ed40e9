// Any bytes as a trace, and as a log of audit records: evidence, in blocks of any size, or an error; never a crash or a hang.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "diag/sink.hpp"
#include "learn/evidence_text.hpp"
#include "learn/read_log.hpp"
#include "support/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace polc;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const std::size_t block = 1 + bytes[0] % 64;
  diag::Sink sink;
  learn::LogReader reader("fuzz", "", {}, (bytes[0] & 64) != 0 ? learn::LogKind::audit : learn::LogKind::trace);
  for (std::size_t at = 0; at < text.size(); at += block) reader.add(text.substr(at, block));
  const auto evidence = reader.finish(sink);
  if (!evidence) return 0;
  (void)learn::with_parts_joined(*evidence, "/bin/x");
  const auto again = learn::read_evidence(learn::print(*evidence), "fuzz", sink);
  POLC_CHECK(again && again->size() == 1 && again->front() == *evidence, "printed evidence reads back as the same");
  return 0;
}
