#include "agent/reporting.hpp"

#include <fmt/format.h>

#include "agent/local_socket.hpp"
#include "agent/state_folder.hpp"

namespace vaultbell::agent {

namespace {

constexpr Duration kWakeWithin = std::chrono::seconds(1);  // the report is safe without the daemon

// What is kept on a host that is no client nobody would ever send. An enrolment that is there and
// cannot be read is the daemon's to complain of.
Status check_enrolled(const StateFolder& folder) {
  const auto enrolment = folder.load_enrolment();
  if (enrolment || enrolment.error().code != ErrorCode::not_found) return {};
  return fail(ErrorCode::not_found,
              fmt::format("this host is not enrolled: there is no {}; ask the administrator for a "
                          "join token, then: vaultbell-agent enrol",
                          folder.enrolment_file().string()));
}

}  // namespace

Status with_spool(const Loaded& loaded, const std::function<Status(spool::Spool&)>& what) {
  if (!loaded.mistakes.empty()) return fail(ErrorCode::invalid, loaded.mistakes.front());
  const auto& configuration = loaded.configuration;
  const auto folder = StateFolder::find(configuration.state_dir);
  if (!folder) return fail(folder.error());
  if (auto ok = check_enrolled(*folder); !ok) return ok;
  {
    auto spool = folder->open_spool(configuration.spool_max_bytes);
    if (!spool) return fail(spool.error());
    if (auto ok = what(*spool); !ok) return ok;
  }
  // Nobody there: whoever comes finds the report in the spool.
  [[maybe_unused]] const auto woken = ask(configuration.socket_path(), "wake", kWakeWithin);
  return {};
}

}  // namespace vaultbell::agent
