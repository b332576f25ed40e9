// Any bytes: a tree or located errors, never both, never a crash; and what is reported can be rendered.
#include <cstddef>
#include <cstdint>
#include <string>

#include "diag/render.hpp"
#include "support/check.hpp"
#include "syntax/parse.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace polc;
  diag::SourceMap sources;
  diag::Sink sink;
  const auto file = sources.add("fuzz.pol", std::string(reinterpret_cast<const char*>(bytes), size));
  const bool parsed = syntax::parse(sources, file, sink).has_value();
  POLC_CHECK(parsed == !sink.has_errors(), "a file is parsed or wrong");
  (void)syntax::parse_access(sources, file, sink);
  (void)diag::render_text(sources, sink.sorted(), true);
  (void)diag::render_json(sources, sink.sorted());
  return 0;
}
