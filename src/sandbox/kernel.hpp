// Every system call of a start goes through one function, so that a test can fail each of them in turn.
//   const Kernel kernel;   const long got = kernel(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);   // below 0: -errno
#pragma once

#include <array>
#include <functional>
#include <type_traits>

namespace polc::sandbox {

class Kernel {
 public:
  using Arguments = std::array<long, 6>;
  using Call = std::function<long(long number, const Arguments& arguments)>;

  /// The running one.
  Kernel();
  explicit Kernel(Call call) : call_(std::move(call)) {}

  /// The call's result, or -errno.
  template <class... Values>
  long operator()(long number, Values... values) const {
    static_assert(sizeof...(values) <= 6);
    return call_(number, Arguments{word(values)...});
  }
  long call(long number, const Arguments& arguments) const { return call_(number, arguments); }

 private:
  template <class Value>
  static long word(Value value) {
    if constexpr (std::is_null_pointer_v<Value>) return 0;
    else if constexpr (std::is_pointer_v<Value>) return reinterpret_cast<long>(value);
    else return static_cast<long>(value);
  }

  Call call_;
};

/// Until it does not say EINTR.
template <class... Values>
long retried(const Kernel& kernel, long number, Values... values) {
  constexpr long interrupted = -4;
  long got = interrupted;
  while (got == interrupted) got = kernel(number, values...);
  return got;
}

}  // namespace polc::sandbox
