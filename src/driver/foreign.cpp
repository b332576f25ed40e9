#include "driver/foreign.hpp"

#include <algorithm>

#include "diag/catalogue.hpp"
#include "driver/names_check.hpp"
#include "target/settings.hpp"

namespace polc::driver {
namespace {

// Another suffix than a format's means the target's first.
std::string format_of(const target::Backend& backend, std::string_view name) {
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos ? "" : target::format_of_suffix(backend, name.substr(dot + 1));
}

}  // namespace

std::optional<target::Reading> ForeignTarget::read(const ArtefactFile& file, diag::Sink& sink) const {
  auto reading = backend->read(file.text, configuration, settings);
  if (reading) return *std::move(reading);
  const LinePlace place = place_of(file, reading.error().line);
  sink.add_unlocated(diag::unreadable_artefact, std::string(backend->name), place.name, place.line, reading.error().message);
  return std::nullopt;
}

std::optional<ForeignTarget> foreign_target(const CompileRequest& request, std::string_view file_name, Backends backends, diag::Sink& sink) {
  const target::Backend* const backend = backend_named(backends, request.targets.front(), sink);
  if (backend == nullptr) return std::nullopt;
  ir::Policy nobody;
  nobody.configuration = {backend->systems.front(), request.arch, {}};
  const std::string format = request.format.empty() ? format_of(*backend, file_name) : request.format;
  auto settings = target::settings_for(*backend, nobody, request.options, format, sink);
  if (!settings) return std::nullopt;
  settings->includes = request.includes;
  settings->includes.may_be_unknown = true;
  return ForeignTarget{backend, nobody.configuration, *std::move(settings)};
}

}  // namespace polc::driver
