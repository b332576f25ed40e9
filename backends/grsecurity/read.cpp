#include "grsecurity/read.hpp"

#include "grsecurity/options.hpp"
#include "grsecurity/permits.hpp"

namespace polc::grsecurity {

target::Read read(std::string_view text, const ir::Configuration& configuration, const target::Settings& settings) {
  auto document = parse(text, {is_old(settings), settings.format == "policy"});
  if (!document) return tl::unexpected(document.error());
  auto permits = permitted_by(*document, configuration.os, is_old(settings));
  if (!permits) return tl::unexpected(permits.error());
  return target::Reading{*std::move(permits), {}, std::move(document->directives)};
}

}  // namespace polc::grsecurity
