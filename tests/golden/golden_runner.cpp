// What does the user see? Runs polc once for each folder with a policy.pol and compares what it prints, byte by byte.
//   golden_runner POLC ROOT...
// A case, all files optional but the first:
//   policy.pol       its first line is the command: # polc [VERB] policy.pol --target=systrace ...
//   diagnostics.txt  standard error of that command; without this file it is silent
//   TARGET.txt       standard output when it compiles for one target, VERB.txt when there is a verb
//   ast.txt, ir.txt, optimised.txt, legal.txt   standard output of --dump=STAGE, same options
//   without_PASS.txt        of --dump=optimised --disable-pass=PASS
//   fidelity.txt, test.txt  of the verb fidelity and of the verb test
// A folder's name starts with fail_ exactly when the command's status is not 0. Without a target and a verb, --dump=ir
// is run. POLC_UPDATE_GOLDEN=1 writes what is printed into the files that exist, and diagnostics.txt where it must.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr std::array<std::string_view, 8> verbs{"test", "query", "explain", "fidelity", "diff", "verify", "lint", "targets"};
constexpr std::array<std::string_view, 6> extra_stages{"ast", "ir", "optimised", "legal", "fidelity", "test"};
constexpr std::array<std::string_view, 4> dumps{"ast", "ir", "optimised", "legal"};
constexpr std::string_view without = "without_";

struct Command {
  Words words;          // behind "polc"
  std::string printed;  // the file for standard output, without .txt
};

struct Outcome {
  int status = 0;  // negative: the signal that ended it
  std::string out, err;
};

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }
bool is_verb(std::string_view word) { return std::find(verbs.begin(), verbs.end(), word) != verbs.end(); }

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string rewound(std::FILE* file) {
  std::rewind(file);
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), file)) > 0;)
    text.append(buffer.data(), got);
  std::fclose(file);
  return text;
}

// In the case's folder, so that the messages name its files as they stand there; standard input is empty.
Outcome run(const std::string& polc, const Words& words, const fs::path& folder) {
  std::FILE* const out = std::tmpfile();
  std::FILE* const err = std::tmpfile();
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> arguments{const_cast<char*>(polc.c_str())};
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    if (chdir(folder.c_str()) == 0) execv(polc.c_str(), arguments.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  Outcome outcome;
  outcome.status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  outcome.out = rewound(out);
  outcome.err = rewound(err);
  return outcome;
}

// The words of the first line behind "# polc"; empty when it is no command. Some cases must begin with a byte order
// mark.
Words command_line(const std::string& policy) {
  std::istringstream line(policy.substr(0, policy.find('\n')));
  Words words{std::istream_iterator<std::string>(line), {}};
  const bool is_command = words.size() > 2 && (words[0] == "#" || words[0] == "\xEF\xBB\xBF#") && words[1] == "polc";
  if (!is_command) return {};
  words.erase(words.begin(), words.begin() + 2);
  return words;
}

std::string target_in(const Words& words) {
  for (const auto& word : words)
    if (starts_with(word, "--target=")) return word.substr(9);
  return "";
}

bool has_option(const Words& words, std::string_view name) {
  return std::any_of(words.begin(), words.end(), [&](const auto& word) { return starts_with(word, name); });
}

Command main_command(Words words) {
  if (is_verb(words.front())) return {words, words.front()};
  const std::string target = target_in(words);
  std::string printed = target;
  for (const auto& word : words)
    if (starts_with(word, "--dump=")) printed = word.substr(7);
  if (printed.empty()) words.push_back("--dump=" + (printed = "ir"));
  if (!has_option(words, "--fidelity=")) words.push_back("--fidelity=none");
  return {words, printed};
}

// The same policy and the same options, asked for something else.
Command command_for(std::string_view stage, Words words) {
  if (is_verb(words.front())) words.erase(words.begin());
  std::erase_if(words,
                [](const auto& word) { return starts_with(word, "--fidelity") || starts_with(word, "--dump="); });
  if (starts_with(stage, without))
    words.insert(words.end(), {"--dump=optimised", "--disable-pass=" + std::string(stage.substr(without.size()))});
  else if (std::find(dumps.begin(), dumps.end(), stage) != dumps.end()) words.push_back("--dump=" + std::string(stage));
  else words.insert(words.begin(), std::string(stage));
  return {words, std::string(stage)};
}

// What the folder has a file for, besides the main command's.
Words stages_of(const fs::path& folder) {
  Words stages;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string stage = entry.path().stem().string();
    const bool is_known = std::find(extra_stages.begin(), extra_stages.end(), stage) != extra_stages.end();
    if (entry.path().extension() == ".txt" && (is_known || starts_with(stage, without))) stages.push_back(stage);
  }
  std::sort(stages.begin(), stages.end());
  return stages;
}

void print_difference(const fs::path& expected, const std::string& actual) {
  std::string quoted = "'";
  for (const char c : expected.string()) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  std::fflush(stdout);
  std::FILE* const diff = popen(("diff -u --label expected --label printed " + quoted + "' -").c_str(), "w");
  if (diff == nullptr) return;
  std::fwrite(actual.data(), 1, actual.size(), diff);
  pclose(diff);
}

class Runner {
 public:
  Runner(std::string polc, bool update) : polc_(std::move(polc)), update_(update) {}

  void run_case(const fs::path& folder) {
    ++cases_;
    good_ = true;
    const Words line = command_line(bytes_of(folder / "policy.pol"));
    if (line.empty()) wrong("the first line is no command: # polc policy.pol ...");
    else check(folder, line);
    std::printf("%-6s %s\n", good_ ? "ok" : "FAILED", folder.c_str());
    if (!good_) ++failed_;
  }

  int finish() const {
    std::printf("%zu cases, %zu failed\n", cases_, failed_);
    return cases_ > 0 && failed_ == 0 ? 0 : 1;
  }

 private:
  void check(const fs::path& folder, const Words& line) {
    const Command command = main_command(line);
    const Outcome outcome = run(polc_, command.words, folder);
    const bool should_fail = starts_with(folder.filename().string(), "fail_");
    if (outcome.status < 0) wrong("ended by signal " + std::to_string(-outcome.status));
    else if (should_fail != (outcome.status != 0))
      wrong("exit status " + std::to_string(outcome.status) + "; a name starts with fail_ exactly when it is not 0");
    if (should_fail && !outcome.out.empty() && !is_verb(line.front())) wrong("something is printed although it fails");
    compare_diagnostics(folder / "diagnostics.txt", outcome.err);
    compare(folder / (command.printed + ".txt"), outcome.out);
    for (const auto& stage : stages_of(folder)) {
      if (stage == command.printed) continue;
      compare(folder / (stage + ".txt"), run(polc_, command_for(stage, line).words, folder).out);
    }
  }

  // Unlike the other files this one is expected to be silent when it is missing.
  void compare_diagnostics(const fs::path& file, const std::string& printed) {
    if (update_ && printed.empty()) fs::remove(file);
    else if (update_) std::ofstream(file, std::ios::binary) << printed;
    else if (fs::exists(file)) compare(file, printed);
    else if (!printed.empty()) wrong("silence was expected (there is no diagnostics.txt):\n" + printed);
  }

  void compare(const fs::path& file, const std::string& printed) {
    if (!fs::exists(file)) return;
    if (bytes_of(file) == printed) return;
    if (update_) {
      std::ofstream(file, std::ios::binary) << printed;
      return;
    }
    wrong(file.string() + " differs");
    print_difference(file, printed);
  }

  void wrong(const std::string& what) {
    good_ = false;
    std::printf("%s\n", what.c_str());
  }

  std::string polc_;
  bool update_;
  bool good_ = true;
  std::size_t cases_ = 0, failed_ = 0;
};

// tests/golden itself, and each backend's tests/; sorted, as the file system has no order.
std::vector<fs::path> cases_below(const fs::path& root) {
  std::vector<fs::path> folders;
  for (const auto& entry : fs::recursive_directory_iterator(root))
    if (entry.path().filename() == "policy.pol") folders.push_back(entry.path().parent_path());
  std::sort(folders.begin(), folders.end());
  return folders;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::fprintf(stderr, "usage: golden_runner POLC ROOT...\n");
    return 2;
  }
  const char* const update = std::getenv("POLC_UPDATE_GOLDEN");
  Runner runner(fs::absolute(arguments[1]), update != nullptr && std::string_view(update) == "1");
  for (int i = 2; i < count; ++i)
    for (const auto& folder : cases_below(arguments[i])) runner.run_case(folder);
  return runner.finish();
}
