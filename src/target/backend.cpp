#include "target/backend.hpp"

#include "support/check.hpp"

namespace polc::target {

const Capability& capability_of(const Backend& backend, Feature feature) {
  const auto place = static_cast<std::size_t>(feature);
  POLC_CHECK(place < backend.capabilities.size() && backend.capabilities[place].feature == feature,
             "a backend answers every feature, in order");
  return backend.capabilities[place];
}

}  // namespace polc::target
