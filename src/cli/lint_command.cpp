#include <cerrno>
#include <cstdlib>
#include <ctime>

#include <fmt/chrono.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "diag/render.hpp"
#include "diag/render_review.hpp"
#include "driver/lint.hpp"

namespace polc::cli {
namespace {

// The one look at a clock in all of polc, so that an exception can end. Empty: SOURCE_DATE_EPOCH is no number.
std::string today(const Options& options) {
  if (!options.today.empty()) return options.today;
  std::time_t now = std::time(nullptr);
  if (const char* epoch = std::getenv("SOURCE_DATE_EPOCH")) {
    char* end = nullptr;
    errno = 0;
    now = std::strtoll(epoch, &end, 10);
    if (errno != 0 || end == epoch || *end != '\0') return {};
  }
  std::tm date{};
  if (gmtime_r(&now, &date) == nullptr) return {};
  return fmt::format("{:%Y-%m-%d}", date);
}

bool is_date(const std::string& text) {
  const std::string shape = "dddd-dd-dd";
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9' : text[i] != '-') return false;
  return true;
}

std::string rendered(const std::string& format, const diag::SourceMap& sources, const std::vector<diag::Diagnostic>& findings) {
  if (format == "json") return diag::render_json(sources, findings);
  if (format == "sarif") return diag::render_sarif(sources, findings);
  if (format == "junit") return diag::render_junit(sources, findings);
  if (format == "github") return diag::render_github(sources, findings);
  if (format == "gcc") return diag::render_gcc(sources, findings);
  return diag::render_text(sources, findings, isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr);
}

bool fails(const std::vector<diag::Diagnostic>& findings, const std::string& level) {
  if (level == "never") return false;
  const auto weakest = level == "error" ? diag::Severity::error : level == "warning" ? diag::Severity::warning : diag::Severity::info;
  for (const auto& finding : findings)
    if (finding.severity <= weakest) return true;
  return false;
}

}  // namespace

int lint(const sema::Program& program, const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources,
         diag::Sink& sink) {
  const lint::Chosen chosen{options.select, options.ignore, today(options)};
  if (!is_date(chosen.today)) {
    sink.add_unlocated(diag::wrong_usage, "the date is written YYYY-MM-DD, and SOURCE_DATE_EPOCH is a number of seconds");
    return usage;
  }
  const auto findings = driver::lint(program, request, chosen, sources, sink).sorted();
  if (sink.has_errors()) return no;
  const int status = print(rendered(options.format, sources, findings));
  return status == done && fails(findings, options.fail_level) ? no : status;
}

std::string machine_readable_errors(const diag::SourceMap& sources, const diag::Sink& sink, const Options& options) {
  if (options.format == "text" || options.format == "gcc") return {};
  return rendered(options.format, sources, sink.sorted());
}

}  // namespace polc::cli
