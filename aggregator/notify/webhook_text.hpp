// WebhookText: what a webhook says, before any format: lines without control characters, that are
// not escaped yet. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aggregator/notify/delivery.hpp"

namespace vaultbell::notify {

struct WebhookText {
  std::string title;
  std::vector<std::pair<std::string_view, std::string>> facts;  // {"Vault", "prod"}
  std::vector<std::string> lines;                               // below them
  std::string link;                                             // empty: none
};

WebhookText webhook_text(const Delivery& delivery, const std::string& public_url);

// The alerts that the delivery is about, with what happened to each; none of a code or a test.
std::vector<wording::DigestEntry> alerts_of(const Delivery& delivery);

// Whether a system that keeps alerts of its own shall end this one.
bool is_to_be_resolved(const Delivery& delivery, const wording::DigestEntry& entry);

// "https://vaultbell.example.org/alerts/17"; empty without a public URL.
std::string link_to(const core::Alert& alert, const std::string& public_url);

// Facts and lines, one below the other, at most so many bytes; "…" says that there was more.
std::string as_lines(const WebhookText& text, std::size_t size_bytes_max);

// The first so many bytes, and "…" where that is not all.
std::string cut(std::string_view utf8, std::size_t size_bytes_max);

// The same for every repeat (R7.3).
std::string idempotency_key(const Delivery& delivery);

}  // namespace vaultbell::notify
