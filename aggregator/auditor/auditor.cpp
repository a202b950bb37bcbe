#include "aggregator/auditor/auditor.hpp"

#include <utility>

#include "shared/base/check.hpp"

namespace vaultbell::auditor {

Auditor::Auditor(Footing footing, core::Settings settings, Duration every)
    : footing_(std::move(footing)),
      every_(every),
      thread_([this, settings = std::move(settings)](const std::stop_token& stop) mutable {
        work(stop, std::move(settings));
      }) {}

Auditor::~Auditor() {
  thread_.request_stop();
  settings_.close();
}

void Auditor::replace(core::Settings settings) {
  settings_.pop_some(1, Duration::zero());
  check(settings_.try_push(std::move(settings)), "there is room for the newest settings");
}

void Auditor::work(const std::stop_token& stop, core::Settings settings) {
  Judge judge;
  while (!stop.stop_requested()) {
    const auto next = footing_.clock.steady() + every_;
    const auto verdict = judge.judge(audit(footing_.store,
                                           {.settings = settings,
                                            .now = footing_.clock.wall(),
                                            .listening_since = footing_.listening_since()},
                                           stop));
    if (!stop.stop_requested()) footing_.report(verdict);
    for (auto now = footing_.clock.steady(); now < next && !stop.stop_requested();
         now = footing_.clock.steady()) {
      for (auto& fresh : settings_.pop_some(1, next - now)) settings = std::move(fresh);
    }
  }
}

}  // namespace vaultbell::auditor
