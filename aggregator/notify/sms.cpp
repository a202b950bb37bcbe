#include "aggregator/notify/sms.hpp"

#include <fmt/format.h>

#include "aggregator/notify/mail_view.hpp"
#include "aggregator/notify/template.hpp"
#include "shared/base/text.hpp"

namespace vaultbell::notify {

namespace {

std::string text_of(const Delivery& delivery, const Templates& templates) {
  if (delivery.letter) return one_line(delivery.letter->in_short);
  const auto view = view_of(delivery);
  const auto rendered = render(templates.sms, view, Escaping::none);
  auto text = one_line(trimmed(rendered));
  return text.empty() ? view.texts.at("in_short") : text;
}

}  // namespace

Sms compose_sms(const Delivery& delivery, const Templates& templates) {
  return {.to = delivery.recipient.address,
          .text = cut_for_sms(text_of(delivery, templates)),
          .id = fmt::format("vaultbell.{}.{}", to_text(delivery.installation),
                            delivery.notification.value)};
}

std::string cut_for_sms(std::string_view utf8) {
  std::size_t characters = 0;
  std::size_t kept = 0;  // bytes of the first kSmsTextMax - 1 characters
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const bool is_continued = (static_cast<unsigned char>(utf8[i]) & 0xC0U) == 0x80U;
    if (is_continued) continue;
    if (++characters == kSmsTextMax) kept = i;
  }
  if (characters <= kSmsTextMax) return std::string(utf8);
  return std::string(utf8.substr(0, kept)) + "…";
}

}  // namespace vaultbell::notify
