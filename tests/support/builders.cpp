#include "tests/support/builders.hpp"

#include "shared/base/check.hpp"

namespace vaultbell::support {

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> numbered(std::uint64_t number) {
  std::array<std::uint8_t, N> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[N - 1 - i] = static_cast<std::uint8_t>(number >> (8 * i) & 0xFFU);
  }
  return bytes;
}

}  // namespace

Instant at(std::string_view text) {
  auto iso = "2026-" + std::string(text);
  if (text.size() == std::string_view("03-01 02:20").size()) iso += ":00";
  const auto instant = parse_iso(iso + "Z");
  check(instant.has_value(), "a test's time reads \"MM-DD HH:MM\" or \"MM-DD HH:MM:SS\"");
  return *instant;
}

Uuid uuid(std::uint64_t number) {
  return {numbered<16>(number)};
}

PublicKey public_key(std::uint64_t number) {
  return {numbered<32>(number)};
}

core::TokenHash token_hash(std::uint64_t number) {
  return numbered<32>(number);
}

core::Settings ordinary_settings() {
  core::Settings settings;
  settings.account_name = "Example Ltd";
  settings.owners = {"ops@example.org"};
  return settings;
}

ReportBuilder::ReportBuilder(std::string job) {
  report_.job = std::move(job);
  report_.outcome = Outcome::succeeded;
}

ReportBuilder& ReportBuilder::run(std::uint64_t number) {
  report_.run = uuid(number);
  return *this;
}

ReportBuilder& ReportBuilder::of(Operation operation) {
  report_.operation = operation;
  return *this;
}

ReportBuilder& ReportBuilder::by(Trigger trigger) {
  report_.trigger = trigger;
  return *this;
}

ReportBuilder& ReportBuilder::started() {
  return ended(Outcome::running);
}

ReportBuilder& ReportBuilder::succeeded() {
  return ended(Outcome::succeeded);
}

ReportBuilder& ReportBuilder::warned(std::string message) {
  report_.message = std::move(message);
  return ended(Outcome::warning);
}

ReportBuilder& ReportBuilder::failed(std::string message) {
  report_.message = std::move(message);
  return ended(Outcome::failed);
}

ReportBuilder& ReportBuilder::cancelled() {
  return ended(Outcome::cancelled);
}

ReportBuilder& ReportBuilder::ended(Outcome outcome) {
  report_.outcome = outcome;
  return *this;
}

ReportBuilder& ReportBuilder::because(OutcomeReason reason) {
  report_.reason = reason;
  return *this;
}

ReportBuilder a_report(std::string job) {
  return ReportBuilder(std::move(job));
}

}  // namespace vaultbell::support
