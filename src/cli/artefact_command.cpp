// `polc query --artefact` and `polc explain --artefact`: what may this thing do today?
#include <iostream>
#include <string>

#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "diag/catalogue.hpp"
#include "driver/artefact_questions.hpp"
#include "registry.hpp"
#include "support/file_system.hpp"
#include "syntax/parse.hpp"

namespace polc::cli {
namespace {

// Lines in, lines out, a few hundred at a time: who writes accesses one by one to a pipe waits for no more than that.
int answer_lines(driver::ArtefactAsked artefact, diag::Sink& sink) {
  constexpr std::size_t most_held = 1 << 16, longest_line = 1 << 16;
  driver::ArtefactBatch batch(std::move(artefact));
  std::ios::sync_with_stdio(false);
  std::string line, answers;
  while (std::getline(std::cin, line)) {
    answers += line.size() > longest_line ? "?\tthis line is too long\n" : batch.answer(line);
    if (answers.size() < most_held && std::cin.rdbuf()->in_avail() > 0) continue;
    if (const int status = print(answers); status != done) return status;
    answers.clear();
  }
  if (const int status = print(answers); status != done) return status;
  if (batch.understood_all()) return done;
  sink.add_unlocated(diag::wrong_usage, "some lines are no accesses: their answers begin with `?`");
  return usage;
}

// What cannot be asked so; nullptr: all is well.
const char* mistake_in(const driver::CompileRequest& request, const Options& options) {
  if (!options.artefacts) return "--batch is for artefacts: polc query --artefact FILE --batch --target=T";
  if (request.targets.size() != 1) return "an artefact is one target's: --target=T";
  if (options.batch && !options.argument.empty()) return "with --batch the accesses come from standard input";
  if (options.batch && find_open_descriptor(options.files.front()) == STDIN_FILENO) return "with --batch the accesses come from standard input, and the artefact cannot";
  return options.verb == Verb::query && !options.batch && options.argument.empty() ? "an access is missing, for example: 'read \"/etc/passwd\"'" : nullptr;
}

}  // namespace

int ask_artefact(const driver::CompileRequest& request, const Options& options, diag::SourceMap& sources, diag::Sink& sink) {
  if (const char* mistake = mistake_in(request, options)) {
    sink.add_unlocated(diag::wrong_usage, mistake);
    return usage;
  }
  auto text = read_file(options.files.front(), syntax::largest_file);
  if (!text) {
    sink.add_unlocated(diag::cannot_read, text.error().message());
    return world;
  }
  auto artefact = driver::ArtefactAsked::open({options.files.front(), *std::move(text)}, request, backends::all(), sink);
  if (!artefact) return no;
  if (options.batch) return answer_lines(*std::move(artefact), sink);
  if (options.argument.empty()) return print(artefact->overview());
  const diag::SourceId id = sources.add("<access>", options.argument);
  const auto access = syntax::parse_access(sources, id, sink);
  const auto boxes = access ? artefact->boxes_of(*access, sink) : std::nullopt;
  if (!boxes) return usage;
  const driver::Answer answer = artefact->told(artefact->ask(*boxes, sink), options.verb == Verb::explain);
  if (sink.has_errors()) return no;
  const int status = print(answer.text);
  return status != done ? status : answer.yes ? done : no;
}

}  // namespace polc::cli
