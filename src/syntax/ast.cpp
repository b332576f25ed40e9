#include "syntax/ast.hpp"

namespace polc::ast {

SourceRange range_of(const Path& path) {
  return std::visit([](const auto& written) { return written.range; }, path);
}

}  // namespace polc::ast
