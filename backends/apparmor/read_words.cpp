#include "apparmor/read_words.hpp"

#include <array>

namespace polc::apparmor {
namespace {

struct Word {
  std::string_view name;
  int number;
};
// linux/socket.h of 6.1.
constexpr std::array domains{
    Word{"alg", 38},     Word{"appletalk", 5},  Word{"ash", 18},        Word{"atmpvc", 8},   Word{"atmsvc", 20},
    Word{"ax25", 3},     Word{"bluetooth", 31}, Word{"bridge", 7},      Word{"caif", 37},    Word{"can", 29},
    Word{"econet", 19},  Word{"ib", 27},        Word{"ieee802154", 36}, Word{"inet", 2},     Word{"inet6", 10},
    Word{"ipx", 4},      Word{"irda", 23},      Word{"isdn", 34},       Word{"iucv", 32},    Word{"kcm", 41},
    Word{"key", 15},     Word{"llc", 26},       Word{"mpls", 28},       Word{"netbeui", 13}, Word{"netlink", 16},
    Word{"netrom", 6},   Word{"nfc", 39},       Word{"packet", 17},     Word{"phonet", 35},  Word{"pppox", 24},
    Word{"qipcrtr", 42}, Word{"rds", 21},       Word{"rose", 11},       Word{"rxrpc", 33},   Word{"security", 14},
    Word{"smc", 43},     Word{"sna", 22},       Word{"tipc", 30},       Word{"unix", 1},     Word{"unspec", 0},
    Word{"vsock", 40},   Word{"wanpipe", 25},   Word{"x25", 9},         Word{"xdp", 44},     Word{"mctp", 45}};
constexpr std::array types{Word{"stream", 1},    Word{"dgram", 2}, Word{"raw", 3},    Word{"rdm", 4},
                           Word{"seqpacket", 5}, Word{"dccp", 6},  Word{"packet", 10}};
// asm-generic/signal.h under the names of apparmor.d(5).
constexpr std::array signals{
    Word{"exists", 0}, Word{"hup", 1},   Word{"int", 2},     Word{"quit", 3},  Word{"ill", 4},     Word{"trap", 5},
    Word{"abrt", 6},   Word{"bus", 7},   Word{"fpe", 8},     Word{"kill", 9},  Word{"usr1", 10},   Word{"segv", 11},
    Word{"usr2", 12},  Word{"pipe", 13}, Word{"alrm", 14},   Word{"term", 15}, Word{"stkflt", 16}, Word{"chld", 17},
    Word{"cont", 18},  Word{"stop", 19}, Word{"stp", 20},    Word{"ttin", 21}, Word{"ttou", 22},   Word{"urg", 23},
    Word{"xcpu", 24},  Word{"xfsz", 25}, Word{"vtalrm", 26}, Word{"prof", 27}, Word{"winch", 28},  Word{"io", 29},
    Word{"pwr", 30},   Word{"sys", 31}};

template <std::size_t n>
std::optional<int> find(const std::array<Word, n>& words, std::string_view name) {
  for (const Word& word : words)
    if (word.name == name) return word.number;
  return std::nullopt;
}

}  // namespace

std::optional<int> domain_number(std::string_view name) { return find(domains, name); }

// `packet` is a family and a type; alone it is the family.
std::optional<int> type_number(std::string_view name) { return find(types, name); }

std::span<const std::pair<int, int>> sockets_of_protocol(std::string_view name) {
  static constexpr std::pair<int, int> tcp[] = {{2, 1}, {10, 1}}, udp[] = {{2, 2}, {10, 2}}, icmp[] = {{2, 3}};
  if (name == "tcp") return tcp;
  if (name == "udp") return udp;
  if (name == "icmp") return icmp;
  return {};
}

std::optional<unsigned> signal_number(std::string_view name) {
  if (const auto number = find(signals, name)) return static_cast<unsigned>(*number);
  constexpr std::string_view real_time = "rtmin+";
  if (!name.starts_with(real_time) || name.size() > real_time.size() + 2) return std::nullopt;
  unsigned number = 0;
  for (const char c : name.substr(real_time.size())) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(c - '0');
  }
  if (name.size() == real_time.size() || number > 31) return std::nullopt;
  return 32 + number;
}

}  // namespace polc::apparmor
