// `default kill; default deny errno EPERM for file, socket;` as one ir::Default a name, checked against each other.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "sema/context.hpp"

namespace polc::sema {

class Defaults {
 public:
  /// `target`: of the block around it; empty outside of one.
  void add(const ast::Default& d, const std::string& target, diag::SourceRange range, const Context& context);
  std::vector<ir::Default> take() { return std::move(defaults_); }

 private:
  void add(ir::Default d, diag::Sink& sink);

  using Key = std::tuple<std::string, std::optional<ir::AccessClass>, std::optional<CallId>>;
  std::vector<ir::Default> defaults_;
  std::map<Key, std::size_t> places_;
};

}  // namespace polc::sema
