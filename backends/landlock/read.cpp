#include "landlock/read.hpp"

#include <algorithm>

#include "landlock/permits.hpp"

namespace polc::landlock {

namespace {

constexpr std::size_t most_paths = 200'000;

}  // namespace

DocumentResult document_from(std::string_view text, std::string_view format) {
  if (format == "h") return document_from_header(text);
  if (format == "toml") return document_from_toml(text);
  if (format == "json") return document_from_json(text);
  if (format == "setpriv") return document_from_setpriv(text);
  return document_from_text(text);
}

unsigned oldest_abi(const Handled& handled) {
  unsigned abi = 1;
  const auto raise = [&](std::span<const knowledge::LandlockRight> known, Rights rights) {
    for (const knowledge::LandlockRight& one : known)
      if ((one.bit & rights) != 0) abi = std::max(abi, one.since);
  };
  raise(knowledge::landlock_file_rights(), handled.files);
  raise(knowledge::landlock_net_rights(), handled.net);
  raise(knowledge::landlock_scopes(), handled.scoped);
  return abi;
}

std::optional<std::string> walked_path(std::string_view path) {
  constexpr std::size_t longest = 4095;  // PATH_MAX with its zero byte
  if (!path.starts_with('/') || path.size() > longest || path.find('\0') != std::string_view::npos) return std::nullopt;
  std::string out;
  while (!path.empty()) {
    path.remove_prefix(1);
    const std::string_view name = path.substr(0, path.find('/'));
    path.remove_prefix(name.size());
    if (name == "..") return std::nullopt;
    if (!name.empty() && name != ".") out.append("/").append(name);
  }
  return out.empty() ? "/" : out;
}

target::Reading reading_of(const Document& document, const ir::Configuration& configuration,
                           const target::Settings& settings) {
  return {permitted_by(document, configuration, settings), {}, document.directives, {}};
}

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  const DocumentResult document = document_from(text, settings.format);
  if (!document) return tl::unexpected(document.error());
  // A set has some forty parts for each path.
  if (document->rules.paths.size() > most_paths)
    return tl::unexpected(target::ReadError{0, "too many paths", target::ReadError::Kind::too_complex});
  return reading_of(*document, configuration, settings);
}

}  // namespace polc::landlock
