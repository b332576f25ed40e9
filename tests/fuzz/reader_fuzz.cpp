// Any bytes as an artefact of one target: a reading or a located error, never a crash or a hang; what is read answers. The name of
// the target is set when this is built, once for each that reads text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "registry.hpp"
#include "support/check.hpp"

namespace {

using namespace polc;

const target::Backend& reader() {
  const auto all = backends::all();
  return **std::find_if(all.begin(), all.end(), [](const target::Backend* one) { return one->name == POLC_READER; });
}

/// Every name is a file that includes further ones, and names what the texts of others do.
target::Found included(std::string_view name) {
  static constexpr const char* text = "@{HOME}=/root /home/*\ninclude <inner>\n";
  if (name.size() % 3 == 0) return {};
  return {target::Found::Kind::files, {{std::string(name), name.size() % 2 == 0 ? "/srv/** r,\ninclude <" + std::string(name) + "x>\n" : text}}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  const target::Backend& backend = reader();
  target::Settings settings;
  settings.format = backend.formats.front();
  for (const auto& option : backend.options)
    if (option.set && !option.values.empty()) option.set(settings.options, option.values[bytes[0] / 4 % option.values.size()]);
  if ((bytes[0] & 1) != 0) settings.includes.find = included;
  settings.includes.may_be_unknown = (bytes[0] & 2) != 0;
  const std::string text(reinterpret_cast<const char*>(bytes) + 1, size - 1);
  const auto reading = backend.read(text, {backend.systems.front(), Arch::x86_64, {}}, settings);
  if (!reading) {
    POLC_CHECK(!reading.error().message.empty(), "an error has words");
    return 0;
  }
  ir::FilePoint file;
  for (const char* path : {"/", "/srv/a", "/etc/shadow"}) {
    file.path = path;
    POLC_CHECK(eval::decide(reading->permits, file).allowed || !eval::surely_allows(reading->permits, file), "what is sure is possible");
  }
  return 0;
}
