// Linux's numbers of the families and types of sockets that the language has words for (include/linux/socket.h, include/linux/net.h).
#pragma once

#include <array>
#include <cstdint>
#include <utility>

#include "knowledge/vocabulary.hpp"

namespace polc::knowledge {

inline constexpr std::array<std::pair<Family, std::uint8_t>, 5> family_numbers{
    {{Family::unix_family, 1}, {Family::inet, 2}, {Family::inet6, 10}, {Family::netlink, 16}, {Family::packet, 17}}};
inline constexpr std::array<std::pair<SocketType, std::uint8_t>, 4> socket_type_numbers{
    {{SocketType::stream, 1}, {SocketType::dgram, 2}, {SocketType::raw, 3}, {SocketType::seqpacket, 5}}};

/// `other`: none that has a word.
constexpr Family family_numbered(std::uint64_t number) {
  for (const auto& [family, its_number] : family_numbers)
    if (its_number == number) return family;
  return Family::other;
}

}  // namespace polc::knowledge
