#include "knowledge/landlock.hpp"

#include <algorithm>
#include <array>

namespace polc::knowledge {
namespace {

namespace ll = landlock;

constexpr std::array files{
    LandlockRight{"EXECUTE", ll::execute, 1},           LandlockRight{"WRITE_FILE", ll::write_file, 1},
    LandlockRight{"READ_FILE", ll::read_file, 1},       LandlockRight{"READ_DIR", ll::read_dir, 1},
    LandlockRight{"REMOVE_DIR", ll::remove_dir, 1},     LandlockRight{"REMOVE_FILE", ll::remove_file, 1},
    LandlockRight{"MAKE_CHAR", ll::make_char, 1},       LandlockRight{"MAKE_DIR", ll::make_dir, 1},
    LandlockRight{"MAKE_REG", ll::make_reg, 1},         LandlockRight{"MAKE_SOCK", ll::make_sock, 1},
    LandlockRight{"MAKE_FIFO", ll::make_fifo, 1},       LandlockRight{"MAKE_BLOCK", ll::make_block, 1},
    LandlockRight{"MAKE_SYM", ll::make_sym, 1},         LandlockRight{"REFER", ll::refer, 2},
    LandlockRight{"TRUNCATE", ll::truncate, 3},         LandlockRight{"IOCTL_DEV", ll::ioctl_dev, 5},
    LandlockRight{"RESOLVE_UNIX", ll::resolve_unix, 9},
};
constexpr std::array net{
    LandlockRight{"BIND_TCP", ll::bind_tcp, 4},
    LandlockRight{"CONNECT_TCP", ll::connect_tcp, 4},
    LandlockRight{"BIND_UDP", ll::bind_udp, 10},
    LandlockRight{"CONNECT_SEND_UDP", ll::connect_send_udp, 10},
};
constexpr std::array scopes{
    LandlockRight{"ABSTRACT_UNIX_SOCKET", ll::abstract_unix_socket, 6},
    LandlockRight{"SIGNAL", ll::signal, 6},
};
constexpr std::array<std::string_view, newest_landlock_abi> releases{"5.13", "5.19", "6.2", "6.7", "6.10", "6.12",
                                                                     "6.15", "7.0",  "7.1", "7.2", "7.3",  "7.4"};

}  // namespace

std::span<const LandlockRight> landlock_file_rights() { return files; }
std::span<const LandlockRight> landlock_net_rights() { return net; }
std::span<const LandlockRight> landlock_scopes() { return scopes; }

LandlockRights known_by(std::span<const LandlockRight> rights, unsigned abi) {
  LandlockRights known = 0;
  for (const LandlockRight& right : rights)
    if (right.since <= abi) known |= right.bit;
  return known;
}

std::optional<LandlockRights> find_landlock_right(std::span<const LandlockRight> rights, std::string_view name) {
  const auto found =
      std::find_if(rights.begin(), rights.end(), [&](const LandlockRight& right) { return right.name == name; });
  return found == rights.end() ? std::nullopt : std::optional(found->bit);
}

std::string_view linux_of_landlock(unsigned abi) {
  return abi == 0 ? std::string_view() : releases[std::min<std::size_t>(abi, releases.size()) - 1];
}

}  // namespace polc::knowledge
