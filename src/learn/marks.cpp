#include "learn/marks.hpp"

namespace polc::learn {
namespace {

constexpr Mark table[] = {
#define LEARN_MARK(abstraction, least, accesses) {abstraction, least, accesses, ""},
#define LEARN_NO_MARK(abstraction, why_not) {abstraction, 0, "", why_not},
#include "learn/marks.def"
#undef LEARN_MARK
#undef LEARN_NO_MARK
};

}  // namespace

std::span<const Mark> marks() { return table; }

}  // namespace polc::learn
