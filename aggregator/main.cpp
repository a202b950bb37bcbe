// vaultbell-aggregator: the command line of the daemon.
#include <iostream>
#include <string>

#include <boost/program_options.hpp>

#include "aggregator/configuration.hpp"
#include "aggregator/daemon.hpp"
#include "aggregator/notify/curl_library.hpp"
#include "shared/base/log.hpp"
#include "shared/base/nearest.hpp"
#include "shared/crypto/keys.hpp"
#include "shared/domain/zone.hpp"

namespace vaultbell::aggregator {
namespace {

// sysexits.h: what systemd and people read from the exit of a daemon.
constexpr int kExitUsage = 64;
constexpr int kExitFailed = 1;
constexpr int kExitConfiguration = 78;

constexpr const char* kHelp =
    R"(Example: vaultbell-aggregator --config /etc/vaultbell/aggregator.toml

vaultbell-aggregator [serve]        run the aggregator (systemd does this)
vaultbell-aggregator check-config   read the configuration, name every mistake, change nothing

Options:
  --config FILE   the configuration (default /etc/vaultbell/aggregator.toml)
  --version       print the version
  --help          print this

Exit codes: 0 stopped on request, 1 failed, 64 wrong usage, 78 wrong configuration.
)";

struct Arguments {
  std::string command = "serve";
  std::string config = "/etc/vaultbell/aggregator.toml";
  bool wants_help = false;
  bool wants_version = false;
};

Result<Arguments> parse(int argc, char** argv) {
  namespace po = boost::program_options;
  Arguments arguments;
  po::options_description options;
  options.add_options()("config", po::value(&arguments.config))("help,h", "")("version", "")(
      "command", po::value(&arguments.command));
  po::positional_options_description positional;
  positional.add("command", 1);
  try {
    po::variables_map given;
    po::store(po::command_line_parser(argc, argv).options(options).positional(positional).run(),
              given);
    po::notify(given);
    arguments.wants_help = given.contains("help");
    arguments.wants_version = given.contains("version");
  } catch (const po::error& error) {
    return fail(ErrorCode::invalid, error.what());
  }
  static constexpr std::string_view kCommands[] = {"serve", "check-config"};
  for (const auto known : kCommands) {
    if (arguments.command == known) return arguments;
  }
  return fail(ErrorCode::invalid, "unknown command \"" + arguments.command + "\"" +
                                      did_you_mean(arguments.command, kCommands));
}

int report_mistakes(const std::vector<std::string>& mistakes) {
  for (const auto& mistake : mistakes) std::cerr << mistake << '\n';
  std::cerr << config::count_of(mistakes) << '\n';
  return kExitConfiguration;
}

int serve(const Arguments& arguments, Configuration configuration) {
  log::start(configuration.log_level);
  const notify::CurlLibrary curl_library;
  auto daemon = Daemon::open(std::move(configuration), arguments.config);
  if (!daemon) {
    log::error("{}", daemon.error().message);
    return kExitFailed;
  }
  if (const auto ended = (*daemon)->run(); !ended) {
    log::error("{}", ended.error().message);
    return kExitFailed;
  }
  return 0;
}

int run(int argc, char** argv) {
  const auto arguments = parse(argc, argv);
  if (!arguments) {
    std::cerr << "vaultbell-aggregator: " << arguments.error().message
              << "\nTry: vaultbell-aggregator --help\n";
    return kExitUsage;
  }
  if (arguments->wants_help) {
    std::cout << kHelp;
    return 0;
  }
  if (arguments->wants_version) {
    std::cout << "vaultbell-aggregator " << VAULTBELL_VERSION << '\n';
    return 0;
  }
  crypto::start();
  if (auto ok = load_zones(); !ok) {
    std::cerr << "vaultbell-aggregator: " << ok.error().message << '\n';
    return kExitFailed;
  }
  auto loaded = load_configuration(arguments->config);
  if (!loaded.mistakes.empty()) return report_mistakes(loaded.mistakes);
  if (arguments->command == "check-config") {
    std::cerr << arguments->config << ": no mistakes\n";
    return 0;
  }
  return serve(*arguments, std::move(loaded.configuration));
}

}  // namespace
}  // namespace vaultbell::aggregator

int main(int argc, char** argv) {
  return vaultbell::aggregator::run(argc, argv);
}
