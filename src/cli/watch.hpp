// Runs a command under strace and hands over the trace while it is written.
//   const Watched watched = watch({"redis-server"}, [&](std::string_view block) { reader.add(block); return true; });
#pragma once

#include <string>
#include <vector>

#include "support/file_system.hpp"

namespace polc::cli {

struct Watched {
  enum class End : std::uint8_t { exited, killed, no_tracer, failed } end = End::failed;
  int number = 0;     // the status, the signal, errno
  std::string what{};  // failed: what did not work
};

/// Of what the program reads and writes nothing is traced: no data, no arguments, no environment. SIGINT is the command's.
Watched watch(const std::vector<std::string>& command, const TakeBlock& take);

/// The program in PATH, or what has a slash; empty: there is none.
std::string find_program(const std::string& name);

}  // namespace polc::cli
