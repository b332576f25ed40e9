#include "plain/model.hpp"

namespace polc::plain {

// One line says a whole part and nothing but the part. A target that cannot say a part exactly chooses what comes nearest, and
// says why in a gap; where no sound text exists at all, the gap's verdict is `refused`.
target::Chosen choose(const target::Source& source, const target::Settings&) {
  auto lines = std::make_shared<std::vector<ChosenLine>>();
  for (std::uint32_t i = 0; i < source.parts.size(); ++i) lines->push_back({source.parts[i].effect, source.parts[i].box, i});
  return {std::move(lines)};
}

}  // namespace polc::plain
