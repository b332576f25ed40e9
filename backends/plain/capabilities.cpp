#include <array>

#include "plain/model.hpp"

namespace polc::plain {
namespace {

// Plain can say everything, so its rows are generated. A real target writes each row by hand, with its reason:
//   Capability{Feature::qualifier_owner, Verdict::wider, "systrace does not see who owns a file"},
constexpr std::array rows{
#define POLC_FEATURE(name, what) target::Capability{target::Feature::name, ir::Verdict::exact, ""},
#include "target/features.def"
#undef POLC_FEATURE
};
static_assert(target::answers_every_feature(rows));

}  // namespace

std::span<const target::Capability> capabilities() { return rows; }

}  // namespace polc::plain
