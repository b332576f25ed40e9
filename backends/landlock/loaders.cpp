#include "landlock/loaders.hpp"

#include <array>

namespace polc::landlock {
namespace {

constexpr std::array<std::string_view, 3> x86_64{"/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
                                                 "/usr/lib64/ld-linux-x86-64.so.2", "/lib/ld-musl-x86_64.so.1"};
constexpr std::array<std::string_view, 3> x86{"/usr/lib/i386-linux-gnu/ld-linux.so.2", "/usr/lib/ld-linux.so.2",
                                              "/lib/ld-musl-i386.so.1"};
constexpr std::array<std::string_view, 1> x32{"/usr/lib/x86_64-linux-gnux32/ld-linux-x32.so.2"};
constexpr std::array<std::string_view, 3> aarch64{"/usr/lib/aarch64-linux-gnu/ld-linux-aarch64.so.1",
                                                  "/usr/lib/ld-linux-aarch64.so.1", "/lib/ld-musl-aarch64.so.1"};
constexpr std::array<std::string_view, 2> arm{"/usr/lib/arm-linux-gnueabihf/ld-linux-armhf.so.3",
                                              "/lib/ld-musl-armhf.so.1"};
constexpr std::array<std::string_view, 3> riscv64{"/usr/lib/riscv64-linux-gnu/ld-linux-riscv64-lp64d.so.1",
                                                  "/usr/lib/ld-linux-riscv64-lp64d.so.1", "/lib/ld-musl-riscv64.so.1"};
constexpr std::array<std::string_view, 3> ppc64le{"/usr/lib/powerpc64le-linux-gnu/ld64.so.2", "/usr/lib64/ld64.so.2",
                                                  "/lib/ld-musl-powerpc64le.so.1"};
constexpr std::array<std::string_view, 3> s390x{"/usr/lib/s390x-linux-gnu/ld64.so.1", "/usr/lib/ld64.so.1",
                                                "/lib/ld-musl-s390x.so.1"};
constexpr std::array<std::string_view, 1> mips64{"/usr/lib/mips64-linux-gnuabi64/ld.so.1"};

}  // namespace

std::span<const std::string_view> usual_loaders(Arch arch) {
  switch (arch) {
    case Arch::x86_64: return x86_64;
    case Arch::x86: return x86;
    case Arch::x32: return x32;
    case Arch::aarch64: return aarch64;
    case Arch::arm: return arm;
    case Arch::riscv64: return riscv64;
    case Arch::ppc64le: return ppc64le;
    case Arch::s390x: return s390x;
    case Arch::mips64: return mips64;
  }
  return x86_64;
}

}  // namespace polc::landlock
