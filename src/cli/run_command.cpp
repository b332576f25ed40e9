#include "cli/run_command.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <new>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/outputs.hpp"
#include "cli/run_account.hpp"
#include "cli/run_report.hpp"
#include "cli/run_status.hpp"
#include "diag/catalogue.hpp"
#include "driver/running.hpp"
#include "format/raise.hpp"
#include "knowledge/landlock.hpp"
#include "registry.hpp"
#include "sandbox/host.hpp"
#include "sandbox/observe.hpp"
#include "sandbox/program.hpp"
#include "sandbox/start.hpp"
#include "sandbox/texts.hpp"
#include "support/file_system.hpp"

namespace polc::cli {
namespace {

// A table of descriptors costs 8 bytes each up to the highest: what systemd gives at most is enough for anybody who says nothing.
constexpr std::uint64_t most_descriptors = std::uint64_t{1} << 20;
constexpr unsigned usual_abi = 6;  // Linux 6.12: what policies are judged by, unless --abi says another
constexpr unsigned newest_abi = 11;  // of which polc writes rules

class Run {
 public:
  Run(const sema::Program& program, const driver::CompileRequest& request, const Options& options, const diag::SourceMap& sources, diag::Sink& sink)
      : program_(program), request_(request), options_(options), sources_(sources), sink_(sink), host_(sandbox::host_of(sandbox::Kernel())) {}

  int run() {
    const char* path = std::getenv("PATH");
    auto found = sandbox::program_for(options_.command, path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path);
    if (!found) return said(found.error().message, found.error().status);
    plan_.program = *std::move(found);
    if (!choose_architecture()) return refused();
    if (!choose_policy() || !choose_rung() || !compile() || !check_rung() || !make_plan()) return refused();
    if (options_.print_plan) return print_plan();
    return start();
  }

  Prospect prospect() {
    is_asked_ = true;
    const bool starts = choose_architecture() && choose_policy() && choose_rung() && compile() && check_rung();
    return {policy_.name, run_.abi, starts, why_not_};
  }

 private:
  int refused() const { return options_.print_plan ? int{no} : int{not_started}; }
  int said(const std::string& message, int status = not_started) {
    if (is_asked_) why_not_ = message;
    else (void)write_all(STDERR_FILENO, fmt::format("polc run: {}\n", message), "standard error");
    return options_.print_plan && status == not_started ? no : status;
  }
  bool wrong(const std::string& message) {
    sink_.add_unlocated(diag::wrong_usage, message);
    return false;
  }
  void warn(const std::string& message) { warnings_ += fmt::format("polc run: {}\n", message); }

  // ---- which policy, on which rung

  // That of the calls that the program will make: ours, unless another one is named.
  bool choose_architecture() {
    if (!options_.architectures.empty()) return true;
    const auto own = find_arch(host_.machine);
    if (own) request_.arch = *own;
    return own || wrong(fmt::format("there is no filter for this machine, `{}`", host_.machine));
  }

  bool choose_policy() {
    std::error_code error;
    const std::string real = std::filesystem::canonical(plan_.program.scripts.empty() ? plan_.program.path : plan_.program.scripts.front(), error).string();
    const auto choice = driver::policy_for(program_, request_, real, sink_);
    if (!choice) return false;
    policy_ = *choice;
    if (!policy_.names_it) warn(fmt::format("policy `{}` does not name `{}` as its program", policy_.name, real));
    for (const std::string& target : policy_.deployed)
      if (target != "landlock" && target != "seccomp" && target != "launch")
        warn(fmt::format("{} is deployed with this policy; polc run does not put it in force", target));
    return true;
  }

  bool choose_rung() {
    if (!options_.abi.empty()) {
      const auto [end, error] = std::from_chars(options_.abi.data(), options_.abi.data() + options_.abi.size(), wanted_abi_);
      if (error != std::errc() || *end != '\0' || wanted_abi_ < 1 || wanted_abi_ > newest_abi) return wrong(fmt::format("--abi={}: it is a number, 1 to {}", options_.abi, newest_abi));
    }
    run_.filters = options_.without != "seccomp";
    run_.is_trial = options_.trial || policy_.is_trial;
    // It has no mode that only logs.
    if (run_.is_trial) warn("a trial: nothing is refused but limits and capabilities; Landlock is not applied, since it cannot only log");
    if (options_.without != "landlock" && !run_.is_trial) {
      if (host_.landlock_abi == 0) {
        said(sandbox::missing_landlock_words(host_.landlock_error) + "; --without=landlock starts the program without it");
        return false;
      }
      run_.abi = std::min(host_.landlock_abi, std::max(newest_abi, wanted_abi_));
    }
    if (host_.hard_nofile < 4) {
      said(fmt::format("execute the program by a descriptor of its own: the hard limit nofile is {}", host_.hard_nofile));
      return false;
    }
    run_.descriptor = static_cast<std::uint32_t>(std::min({host_.hard_nofile - 1, policy_.nofile.value_or(most_descriptors), most_descriptors}));
    if (!policy_.nofile && run_.descriptor == most_descriptors) warn("a `limit nofile` in the policy would make the table of descriptors smaller");
    return run_.descriptor >= 3 || wrong("a `limit nofile` below 3 leaves no descriptor to execute the program by");
  }

  bool compile() {
    compilation_ = driver::compile(program_, driver::request_for(request_, policy_.name, run_), backends::all(), sources_, sink_);
    return !sink_.has_errors();
  }

  // On an older kernel than asked for: what would be open that is not there. The ladder tells which rung closes it.
  bool check_rung() {
    if (run_.abi == 0 || run_.abi >= wanted_abi_) return true;
    const auto at = [&](unsigned abi) {
      driver::RunRequest there = run_;
      there.abi = abi;
      diag::Sink unheard;
      return driver::compile(program_, driver::request_for(request_, policy_.name, there), backends::all(), sources_, unheard);
    };
    const auto [witness, is_certain] = driver::opened(compilation_, at(wanted_abi_));
    if (!is_certain) return said("what this kernel's Landlock leaves open is too complex to tell"), false;
    if (!witness) return true;
    unsigned closing = run_.abi + 1;
    while (closing < wanted_abi_ && driver::permits(at(closing), *witness)) ++closing;
    const std::string open = fmt::format("this kernel (Linux {}, Landlock ABI {}) leaves open what the policy denies: {} needs ABI {} (Linux {})", host_.release,
                                         run_.abi, format::text_of(Os::linux_os, *witness), closing, knowledge::linux_of_landlock(closing));
    if (!options_.best_effort) {
      said(open + "; --best-effort starts it all the same");
      return false;
    }
    warn(open);
    return true;
  }

  // ---- the plan

  bool make_plan() {
    if (const driver::TargetResult* rules = driver::result_of(compilation_, "landlock")) {
      plan_.rules = sandbox::rules_in(rules->text);
      if (!plan_.rules) return not_understood(*rules);
    }
    if (const driver::TargetResult* filter = driver::result_of(compilation_, "seccomp")) plan_.filter = filter->text;
    const driver::TargetResult* launch = driver::result_of(compilation_, "launch");
    const auto read = launch == nullptr ? std::nullopt : sandbox::launch_in(launch->text);
    if (!read) return said("internal error: the launch cannot be read"), false;
    plan_.limits = read->limits;
    plan_.capabilities = read->capabilities;
    plan_.descriptor = read->descriptor;
    return add_account() && add_kept();
  }
  bool not_understood(const driver::TargetResult& result) {
    said(fmt::format("internal error: the text for {} cannot be loaded", result.backend->name));
    return false;
  }

  bool add_account() {
    if (options_.account.empty()) return true;
    if (::geteuid() != 0) return wrong("--user is for root: another one cannot become somebody else");
    auto account = account_called(options_.account);
    if (!account) return wrong(account.error());
    plan_.account = *std::move(account);
    return true;
  }

  // Those that were asked for, and those of a service manager (sd_listen_fds(3)).
  bool add_kept() {
    for (const std::string& word : options_.kept) {
      int descriptor = -1;
      const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), descriptor);
      if (error != std::errc() || end != word.data() + word.size() || descriptor < 0) return wrong(fmt::format("--keep-fd={}: it is a descriptor", word));
      if (::fcntl(descriptor, F_GETFD) < 0) return wrong(fmt::format("--keep-fd={}: it is not open", word));
      plan_.kept.push_back(descriptor);
    }
    const char *pid = std::getenv("LISTEN_PID"), *count = std::getenv("LISTEN_FDS");
    if (pid == nullptr || count == nullptr || std::to_string(::getpid()) != pid) return true;
    for (int i = 0; i < std::atoi(count) && ::fcntl(3 + i, F_GETFD) >= 0; ++i) plan_.kept.push_back(3 + i);
    return true;
  }

  int print_plan() {
    std::string text;
    for (const driver::TargetResult& result : compilation_.results)
      text += result.settings.format == "bpf" ? fmt::format("filter: {} instructions\n\n", result.text.size() / 8) : result.text + "\n";
    (void)write_all(STDERR_FILENO, warnings_, "standard error");
    return print(text);
  }

  // ---- the start

  int start() {
    (void)write_all(STDERR_FILENO, warnings_, "standard error");
    print_diagnostics(sources_, sink_, options_);
    sink_ = {};
    std::optional<sandbox::Observer> observer;
    if (!options_.report.empty() || !options_.report_output.empty()) {
      Boundary boundary{policy_.name, place(), host_, plan_, compilation_, options_, run_.is_trial};
      auto made = sandbox::observe(options_.report_output, [boundary = std::move(boundary)](const sandbox::Seen& seen) { return report_of(boundary, seen); });
      if (!made) return said(made.error());
      observer = *std::move(made);
    }
    // What our own runtime changed, and exec would hand on.
    std::signal(SIGPIPE, SIG_DFL);
    std::signal(SIGXFSZ, SIG_DFL);
    const auto ready = [&](const sandbox::Facts& facts) { return observer ? observer->tell(facts) : std::nullopt; };
    const sandbox::Failure failure = sandbox::start(plan_, sandbox::Kernel(), environ, ready);
    const std::string why = failure.error == 0 ? failure.what : fmt::format("{}: {}", failure.what, std::strerror(failure.error));
    if (observer) observer->tell_failure(why);
    return said(why);
  }

  std::string place() const {
    for (const driver::TargetResult& result : compilation_.results) return diag::place_of(sources_, result.policy->range);
    return {};
  }

  const sema::Program& program_;
  driver::CompileRequest request_;
  const Options& options_;
  const diag::SourceMap& sources_;
  diag::Sink& sink_;
  sandbox::Host host_;
  driver::PolicyChoice policy_;
  driver::RunRequest run_;
  unsigned wanted_abi_ = usual_abi;
  driver::Compilation compilation_;
  sandbox::Plan plan_;
  std::string warnings_;
  bool is_asked_ = false;  // what it would do; nothing is said
  std::string why_not_;
};

}  // namespace

int run_program(const sema::Program& program, const driver::CompileRequest& request, const Options& options, const diag::SourceMap& sources,
                diag::Sink& sink) {
  if (!options.learned.empty()) return run_and_learn(options, sink);
  try {
    return Run(program, request, options, sources, sink).run();
  } catch (const std::bad_alloc&) {
    (void)write_all(STDERR_FILENO, "polc run: out of memory\n", "standard error");
  }
  return not_started;
}

Prospect prospect_of_run(const sema::Program& program, const driver::CompileRequest& request, const Options& options, const diag::SourceMap& sources,
                         diag::Sink& sink) {
  return Run(program, request, options, sources, sink).prospect();
}

}  // namespace polc::cli
