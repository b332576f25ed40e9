#include "sandbox/kernel.hpp"

#include <cerrno>

#include <unistd.h>

namespace polc::sandbox {
namespace {

long called(long number, const Kernel::Arguments& a) {
  const long got = ::syscall(number, a[0], a[1], a[2], a[3], a[4], a[5]);
  return got == -1 ? -static_cast<long>(errno) : got;
}

}  // namespace

Kernel::Kernel() : call_(called) {}

}  // namespace polc::sandbox
