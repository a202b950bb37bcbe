#include "tests/scenarios/statements.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace vaultbell::scenarios {

namespace {

constexpr std::size_t kDigitsMax = 3;
constexpr std::string_view kDigits = "0123456789";
const std::string kSms = ".sms";

Result<std::size_t> parse_count(const std::string& text) {
  const bool is_count = !text.empty() && text.size() <= kDigitsMax &&
                        text.find_first_not_of(kDigits) == std::string::npos;
  if (!is_count) return fail(fmt::format("\"{}\" is not a count", text));
  return std::stoul(text);
}

}  // namespace

Status done(const tl::expected<core::OrderDone, Error>& result) {
  if (!result) return fail(result.error());
  return {};
}

std::string line_of(const support::Mail& mail) {
  return fmt::format("{} got \"{}\" at {}", mail.to, mail.text, to_iso(mail.at));
}

Result<std::size_t> count_in(const Match& match) {
  return parse_count(match.at("COUNT"));
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  std::string name;
  const auto end_name = [&] {
    if (!name.empty() && name != "and") names.push_back(name);
    name.clear();
  };
  for (const char c : text) {
    if (c == ' ' || c == ',') {
      end_name();
    } else {
      name += c;
    }
  }
  end_name();
  return names;
}

Result<std::vector<std::string>> names_from(const std::string& first, const std::string& last) {
  const auto stem = first.substr(0, first.find_last_not_of(kDigits) + 1);
  const auto from = parse_count(first.substr(stem.size()));
  const auto to = parse_count(last.substr(std::min(stem.size(), last.size())));
  if (!last.starts_with(stem) || !from || !to || *from > *to) {
    return fail(fmt::format("\"{} to {}\" are not names like web1 to web5", first, last));
  }
  std::vector<std::string> names;
  for (auto number = *from; number <= *to; ++number) names.push_back(stem + std::to_string(number));
  return names;
}

core::AddressKey address_of(Stage& stage, const std::string& person) {
  if (!person.ends_with(kSms)) return {core::Channel::email, person + "@example.org"};
  const auto& state = stage.world().state();
  const auto known = state.contact_by_name.find(person.substr(0, person.size() - kSms.size()));
  core::AddressKey key{core::Channel::mobile, {}};
  if (known == state.contact_by_name.end()) return key;
  for (const auto& channel : state.contacts.at(known->second).channels) {
    if (channel.channel == core::Channel::mobile) key.address = channel.address;
  }
  return key;
}

}  // namespace vaultbell::scenarios
