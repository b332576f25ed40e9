// Runs the polc binary as a shell would, and keeps a folder for its files.
//   const Scratch scratch;
//   scratch.write("web.pol", small_policy);
//   const Outcome outcome = scratch.polc({"web.pol", "--target=plain"});
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace e2e {

struct Outcome {
  int status = 0;  // negative: the signal that ended it
  std::string out;
  std::string err;
};

struct Surroundings {
  std::string folder{};            // the working directory, within the scratch folder
  std::string input{};             // standard input
  std::string device{};            // standard input instead of that
  std::string output{};            // a device for standard output, instead of Outcome::out
  bool nobody_reads = false;       // standard output is a pipe whose reader has gone
  bool terminal = false;           // standard error is a terminal
  unsigned seconds = 0;            // after which it is ended by SIGALRM; 0: it has the time it needs
  unsigned long largest_file = 0;  // bytes that may be written to one file; 0: any number
  std::vector<std::pair<std::string, std::string>> environment{};  // set beside the test's own
};

/// A folder of its own, removed in the end.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  std::filesystem::path path(const std::string& name) const { return folder_ / name; }
  /// Folders on the way are made.
  void write(const std::string& name, std::string_view bytes) const;
  std::string read(const std::string& name) const;
  /// The names in it, sorted.
  std::vector<std::string> names() const;
  Outcome polc(const std::vector<std::string>& arguments, const Surroundings& around = {}) const;

 private:
  std::filesystem::path folder_;
};

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

inline constexpr std::string_view small_policy =
    "language 1;\n"
    "\n"
    "policy web {\n"
    "  program \"/usr/sbin/web\";\n"
    "  allow read \"/etc/hosts\";\n"
    "  deny read \"/etc/shadow\";\n"
    "}\n";

/// With a mistake in line 4.
inline constexpr std::string_view wrong_policy =
    "language 1;\n"
    "\n"
    "policy web {\n"
    "  allow raed \"/etc/hosts\";\n"
    "}\n";

}  // namespace e2e
