#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"

int main(int count, char** arguments) {
  // Both become errors of the write that they interrupt, so that temporary files are removed.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const auto parsed = polc::cli::parse_command_line({arguments + std::min(count, 1), arguments + count});
    if (const int* status = std::get_if<int>(&parsed)) return *status;
    return polc::cli::run(std::get<polc::cli::Options>(parsed));
  } catch (const std::bad_alloc&) {
    std::fputs("polc: out of memory\n", stderr);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "polc: internal error: %s\n", error.what());
  }
  return polc::cli::world;
}
