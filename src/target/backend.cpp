#include "target/backend.hpp"

#include "support/check.hpp"
#include "target/enforce.hpp"

namespace polc::target {

std::string_view Settings::at(std::string_view key) const {
  const auto found = options.find(key);
  POLC_CHECK(found != options.end(), "every option of the backend has a value");
  return found->second;
}

Projector projector_of(const Backend& backend, const ir::Policy& policy, const Settings& settings) {
  if (backend.projector != nullptr) return backend.projector(policy, settings);
  return [&](const ir::Box& box, ir::Effect effect) { return backend.project(box, effect, policy, settings); };
}

ReadResult read_artefact(const Backend& backend, std::string_view text, const ir::Configuration& configuration, const Settings& settings) {
  if (backend.read_text == nullptr) return backend.read(text, configuration, settings);
  auto reading = backend.read_text(text, configuration, settings);
  if (!reading) return tl::unexpected(std::move(reading.error()));
  return reader_of(std::make_shared<const Reading>(*std::move(reading)));
}

const Capability& capability_of(const Backend& backend, Feature feature) {
  const auto place = static_cast<std::size_t>(feature);
  POLC_CHECK(place < backend.capabilities.size() && backend.capabilities[place].feature == feature,
             "a backend answers every feature, in order");
  return backend.capabilities[place];
}

}  // namespace polc::target
