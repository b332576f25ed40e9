#include "sema/access.hpp"

namespace polc::sema {

void lower(const ast::Access& access, const Context& context, Boxes& boxes) {
  std::visit([&](const auto& kind) { lower(kind, context, boxes); }, access.value);
}

}  // namespace polc::sema
