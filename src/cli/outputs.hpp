// What leaves the program: diagnostics to standard error, answers to standard output, artefacts to files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "diag/sink.hpp"
#include "driver/compile.hpp"
#include "cli/options.hpp"

namespace polc::cli {

enum Status : int { done = 0, no = 1, usage = 2, world = 3 };

/// Prints everything in the sink. In JSON the document is printed even when it is empty.
void print_diagnostics(const diag::SourceMap& sources, const diag::Sink& sink, const Options& options);

/// To standard output. A broken pipe is no error: whoever read has seen enough.
int print(std::string_view text);

/// Where the artefacts go: a file each when -o is a directory; `-` is standard output.
std::vector<std::string> artefact_files(const driver::Compilation& compilation, const Options& options);

/// The artefacts to standard output, a file or a directory, each atomically. Returns the exit status.
int write_artefacts(const driver::Compilation& compilation, const Options& options, diag::Sink& sink);

/// Wrong usage where a file to be written is one that was read, or is written twice. What is no regular file (`-`, /dev/null, a FIFO)
/// may be named as often as one likes.
bool are_apart(const std::vector<std::string>& written, const std::vector<std::string>& read, diag::Sink& sink);

int write_file(const std::string& path, std::string_view text, diag::Sink& sink);

}  // namespace polc::cli
