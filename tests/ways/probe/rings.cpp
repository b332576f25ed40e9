// The accesses that io_uring does, each by one operation.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <cstring>

#include "network.hpp"
#include "probe.hpp"
#include "ring.hpp"

namespace ways {
namespace {

constexpr std::uint8_t op_bind = 56, op_listen = 57;  // Linux 6.11
int ours = -1, other = -1, got = -1;
Listener listener;
sockaddr_in target{};
char word[8] = "abc", text[8];
unsigned char state[256];

std::uint64_t address(const void* of) { return reinterpret_cast<std::uint64_t>(of); }
bool exists(const char* name) { return access(name, F_OK) == 0; }

// ---- files

void with_file() { make_file("file"); }
template <int flags>
long open_file() {
  return kept(got, submit([](io_uring_sqe& entry) {
                entry.opcode = IORING_OP_OPENAT;
                entry.fd = AT_FDCWD;
                entry.addr = address("file");
                entry.open_flags = flags;
                entry.len = 0600;
              }));
}
bool reads() { return pread(got, text, sizeof text, 0) == 5; }
bool writes() { return write(got, "X", 1) == 1; }
bool is_empty() { return lseek(got, 0, SEEK_END) == 0; }

/// Operations on names: the second is for those that make one of another.
template <std::uint8_t opcode, std::uint32_t mode = 0>
long name_by() {
  return submit([](io_uring_sqe& entry) {
    entry.opcode = opcode;
    entry.fd = AT_FDCWD;
    entry.addr = address(opcode == IORING_OP_MKDIRAT ? "new" : "file");
    entry.len =
        opcode == IORING_OP_RENAMEAT || opcode == IORING_OP_LINKAT ? static_cast<std::uint32_t>(AT_FDCWD) : mode;
    if (opcode != IORING_OP_MKDIRAT && opcode != IORING_OP_UNLINKAT) entry.addr2 = address("new");
  });
}
bool is_new() { return faccessat(AT_FDCWD, "new", F_OK, AT_SYMLINK_NOFOLLOW) == 0; }
bool is_gone() { return !exists("file"); }
bool is_renamed() { return is_new() && is_gone(); }
bool is_linked() { return is_new() && exists("file"); }

template <class T>
void attribute(io_uring_sqe& entry, const char* name, const T& value, std::uint32_t size) {
  entry.opcode = IORING_OP_SETXATTR;
  entry.addr = address(name);
  entry.addr2 = address(&value);
  entry.addr3 = address("file");
  entry.len = size;
}
/// system.posix_acl_access: that of a mode.
const std::uint16_t access_list[] = {2, 0, 1, 7, 0xffff, 0xffff, 4, 5, 0xffff, 0xffff, 0x20, 5, 0xffff, 0xffff};
long set_mode() {
  return submit(
      [](io_uring_sqe& entry) { attribute(entry, "system.posix_acl_access", access_list, sizeof access_list); });
}
bool is_executable() { return access("file", X_OK) == 0; }
long set_attribute() {
  return submit([](io_uring_sqe& entry) { attribute(entry, "trusted.ways", word, 3); });
}
bool has_attribute() { return call(SYS_getxattr, "file", "trusted.ways", text, sizeof text) == 3; }

long state_of_file() {
  return submit([](io_uring_sqe& entry) {
    entry.opcode = IORING_OP_STATX;
    entry.fd = AT_FDCWD;
    entry.addr = address("file");
    entry.addr2 = address(state);
    entry.len = STATX_SIZE;
  });
}
bool has_state() { return reinterpret_cast<struct statx*>(state)->stx_size == 5; }

// ---- the network

void with_listener() {
  own_network();
  listener = listening();
  target = listener.address;
  ours = new_socket(SOCK_STREAM);
}
void with_caller() {
  with_listener();
  must(connect(ours, reinterpret_cast<sockaddr*>(&target), sizeof target), "connect");
}
void with_stream() {
  own_network();
  ours = new_socket(SOCK_STREAM);
  target = loopback(4711);
}
void with_pair() {
  int both[2];
  must(socketpair(AF_UNIX, SOCK_STREAM, 0, both), "socketpair");
  ours = both[0], other = both[1];
  must(write(other, word, 3), "write");
}
template <std::uint8_t opcode>
long socket_by() {
  return kept(got, submit([](io_uring_sqe& entry) {
                entry.opcode = opcode;
                entry.fd = opcode == IORING_OP_ACCEPT ? listener.socket : ours;
                if (opcode == IORING_OP_CONNECT || opcode == op_bind) {
                  entry.addr = address(&target);
                  entry.addr2 = sizeof target;
                }
                if (opcode == op_listen) entry.len = 1;
                if (opcode == IORING_OP_SEND || opcode == IORING_OP_RECV) {
                  entry.addr = address(opcode == IORING_OP_SEND ? word : text);
                  entry.len = 3;
                }
                if (opcode == IORING_OP_SOCKET) {
                  entry.fd = AF_INET;
                  entry.off = SOCK_STREAM;
                }
              }));
}
bool is_connected() { return has_peer(ours); }
bool is_bound() { return port_of(ours) == 4711; }
bool is_accepted() { return has_peer(got); }
bool is_listening() {
  int answer = 0;
  socklen_t size = sizeof answer;
  return getsockopt(ours, SOL_SOCKET, SO_ACCEPTCONN, &answer, &size) == 0 && answer == 1;
}
bool is_sent() { return recv(other, text, sizeof text, 0) == 3 && std::memcmp(text, word, 3) == 0; }
bool is_received() { return std::memcmp(text, word, 3) == 0; }
bool is_a_socket() { return got >= 0 && listen(got, 1) == 0; }

/// SOCKET_URING_OP_SIOCINQ (Linux 6.7) asks a socket what ioctl(SIOCINQ) asks.
long ask_socket() {
  return kept(got, submit([](io_uring_sqe& entry) {
                entry.opcode = IORING_OP_URING_CMD;
                entry.fd = ours;
                entry.cmd_op = 0;
              }));
}
void with_waiting_bytes() {
  with_caller();
  other = static_cast<int>(must(accept(listener.socket, nullptr, nullptr), "accept"));
  must(write(other, word, 3), "write");
}
bool is_told() { return got == 3; }

constexpr Probe probes[] = {
    {"ring-read", with_file, open_file<O_RDONLY>, reads},
    {"ring-write", with_file, open_file<O_WRONLY>, writes},
    {"ring-append", with_file, open_file<O_WRONLY | O_APPEND>, writes},
    {"ring-truncate", with_file, open_file<O_RDWR | O_TRUNC>, is_empty},
    {"ring-create", nullptr, open_file<O_CREAT | O_WRONLY>, [] { return exists("file"); }},
    {"ring-mkdir", nullptr, name_by<IORING_OP_MKDIRAT, 0700>, is_new},
    {"ring-symlink", nullptr, name_by<IORING_OP_SYMLINKAT>, is_new},
    {"ring-unlink", with_file, name_by<IORING_OP_UNLINKAT>, is_gone},
    {"ring-rename", with_file, name_by<IORING_OP_RENAMEAT>, is_renamed},
    {"ring-link", with_file, name_by<IORING_OP_LINKAT>, is_linked},
    {"ring-mode", with_file, set_mode, is_executable},
    {"ring-setxattr", with_file, set_attribute, has_attribute},
    {"ring-statx", with_file, state_of_file, has_state},
    {"ring-ioctl", with_waiting_bytes, ask_socket, is_told},
    {"ring-connect", with_listener, socket_by<IORING_OP_CONNECT>, is_connected},
    {"ring-bind", with_stream, socket_by<op_bind>, is_bound},
    {"ring-listen", with_stream, socket_by<op_listen>, is_listening},
    {"ring-accept", with_caller, socket_by<IORING_OP_ACCEPT>, is_accepted},
    {"ring-send", with_pair, socket_by<IORING_OP_SEND>, is_sent},
    {"ring-receive", with_pair, socket_by<IORING_OP_RECV>, is_received},
    {"ring-socket", nullptr, socket_by<IORING_OP_SOCKET>, is_a_socket},
};

}  // namespace

std::span<const Probe> ring_probes() { return probes; }

}  // namespace ways
