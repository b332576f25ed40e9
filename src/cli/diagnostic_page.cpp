#include <algorithm>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "driver/embedded.hpp"

namespace polc::cli {

bool is_diagnostic_id(const std::string& text) {
  return text.size() == 5 && (text[0] == 'P' || text[0] == 'p') && std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int print_diagnostic_page(const Options& options, diag::Sink& sink) {
  const std::string id = "P" + options.files.front().substr(1);
  for (const auto& page : driver::diagnostic_pages())
    if (page.name == id + ".md") return print(page.text);
  sink.add_unlocated(diag::wrong_usage, fmt::format("there is no diagnostic `{}`", id));
  return usage;
}

}  // namespace polc::cli
