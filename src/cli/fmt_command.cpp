#include "cli/commands.hpp"
#include "cli/line_diff.hpp"
#include "cli/outputs.hpp"
#include "cli/policy_files.hpp"
#include "driver/unreadable.hpp"
#include "support/file_system.hpp"
#include "syntax/layout.hpp"
#include "syntax/parse.hpp"

namespace polc::cli {
namespace {

class Formatter {
 public:
  Formatter(const Options& options, diag::SourceMap& sources, diag::Sink& sink) : options_(options), sources_(sources), sink_(sink) {}

  int run() {
    const auto files = policy_files(options_.files, sink_);
    if (!files) return world;
    for (const auto* paths : {&files->named, &files->found})
      for (const std::string& path : *paths)
        if (const int status = format(path); status != done) worst_ = std::max(worst_, status);
    if (const int status = print(output_); status != done) return status;
    return worst_;
  }

 private:
  int format(const std::string& path) {
    const auto text = read_file(path, syntax::largest_file + 1);
    if (!text) {
      driver::report_unreadable(text.error(), sink_);
      return world;
    }
    diag::Sink mistakes;
    const bool parses = syntax::parse(sources_, sources_.add(path, *text), mistakes).has_value();
    for (const diag::Diagnostic& mistake : mistakes.all()) sink_.add_diagnostic(mistake);
    if (!parses) return no;
    const std::string formatted = syntax::laid_out(*text);
    if (options_.show_diff) output_ += unified_diff(path, *text, formatted);
    if (options_.check && !options_.show_diff && formatted != *text) output_ += path + "\n";
    if (options_.check || options_.show_diff) return formatted == *text ? done : no;
    const bool is_open = find_open_descriptor(path).has_value();
    if (is_open) output_ += formatted;
    return is_open || formatted == *text ? done : write_file(path, formatted, sink_);
  }

  const Options& options_;
  diag::SourceMap& sources_;
  diag::Sink& sink_;
  std::string output_;
  int worst_ = done;
};

}  // namespace

int format_files(const Options& options, diag::SourceMap& sources, diag::Sink& sink) { return Formatter(options, sources, sink).run(); }

}  // namespace polc::cli
