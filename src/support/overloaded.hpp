// Visits a std::variant with one lambda an alternative: std::visit(Overloaded{...}, value).
#pragma once

namespace polc {

template <class... Functions>
struct Overloaded : Functions... {
  using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;

}  // namespace polc
