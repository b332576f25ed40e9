// What a target may or may not be able to say, one name each (features.def), and which of them an access is about.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ir/policy.hpp"

namespace polc::target {

enum class Feature : std::uint8_t {
#define POLC_FEATURE(name, what) name,
#include "target/features.def"
#undef POLC_FEATURE
};
inline constexpr std::array feature_names{
#define POLC_FEATURE(name, what) std::string_view(#name),
#include "target/features.def"
#undef POLC_FEATURE
};
inline constexpr std::array feature_texts{
#define POLC_FEATURE(name, what) std::string_view(what),
#include "target/features.def"
#undef POLC_FEATURE
};
inline constexpr std::size_t feature_count = feature_names.size();
constexpr std::string_view name_of(Feature f) { return feature_names[static_cast<std::size_t>(f)]; }
constexpr std::string_view text_of(Feature f) { return feature_texts[static_cast<std::size_t>(f)]; }

Feature feature_of(FileVerb verb);
Feature feature_of(NetVerb verb);
/// Of a file access its verb, of a network access its family's addresses, else its kind.
Feature feature_of(const ir::Point& point);
/// What an access breaks of a box that does not hold it: the first dimension that keeps it out (arguments, mode, type, owner,
/// request, successor, protocol, address, port, path), or else its verb.
Feature broken_by(const ir::Box& box, const ir::Point& point);

/// All accesses of a class, as boxes: what a reader starts from, for it has to say why each stays or goes.
std::vector<ir::Box> everything(ir::AccessClass klass, Os os);
/// All that can be done with the sockets of one family.
ir::NetBox everything(Family family);

}  // namespace polc::target
