// Maps of the kernel's own programs that have a name: on a bpf filesystem of the probe's own.
#include <linux/bpf.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "probe.hpp"

namespace ways {
namespace {

int map = -1, opened = -1;
std::uint32_t key = 0, value = 42;

long element(int command, int of) {
  bpf_attr wanted{};
  wanted.map_fd = static_cast<std::uint32_t>(of);
  wanted.key = reinterpret_cast<std::uint64_t>(&key);
  wanted.value = reinterpret_cast<std::uint64_t>(&value);
  return call(SYS_bpf, command, &wanted, sizeof wanted);
}
void with_map() {
  must(mkdir("pins", 0700), "mkdir");
  must(mount("pins", "pins", "bpf", 0, nullptr), "mount bpf");
  bpf_attr wanted{};
  wanted.map_type = BPF_MAP_TYPE_ARRAY;
  wanted.key_size = wanted.value_size = 4;
  wanted.max_entries = 1;
  map = static_cast<int>(must(call(SYS_bpf, BPF_MAP_CREATE, &wanted, sizeof wanted), "map"));
  must(element(BPF_MAP_UPDATE_ELEM, map), "update");
}

long by_path(int command, int descriptor) {
  bpf_attr wanted{};
  wanted.pathname = reinterpret_cast<std::uint64_t>("pins/new");
  wanted.bpf_fd = static_cast<std::uint32_t>(descriptor);
  return call(SYS_bpf, command, &wanted, sizeof wanted);
}
long pin() { return by_path(BPF_OBJ_PIN, map); }
bool is_a_file() {
  struct stat seen {};
  return lstat("pins/new", &seen) == 0 && S_ISREG(seen.st_mode);
}
void with_pin() {
  with_map();
  must(pin(), "pin");
}

long get() { return kept(opened, by_path(BPF_OBJ_GET, 0)); }
bool reads() {
  value = 0;
  return element(BPF_MAP_LOOKUP_ELEM, opened) == 0 && value == 42;
}
bool writes() {
  value = 17;
  if (element(BPF_MAP_UPDATE_ELEM, opened) < 0) return false;
  value = 0;
  return element(BPF_MAP_LOOKUP_ELEM, map) == 0 && value == 17;
}

constexpr Probe probes[] = {
    {"bpf-pin", with_map, pin, is_a_file},
    {"bpf-get-read", with_pin, get, reads},
    {"bpf-get-write", with_pin, get, writes},
};

}  // namespace

std::span<const Probe> pin_probes() { return probes; }

}  // namespace ways
