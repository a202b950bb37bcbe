#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/changing.hpp"
#include "aggregator/ctl/listing.hpp"
#include "aggregator/ctl/showing.hpp"

namespace vaultbell::ctl {

namespace {

constexpr BodyField kContactFields[] = {{"name", "name"},
                                        {"mail", "email", As::text, "none"},
                                        {"mobile", "mobile", As::text, "none"},
                                        {"webhook", "webhook", As::text, "none"}};

const Json& channel_of(const Json& contact, std::string_view channel) {
  static const Json kNone;
  for (const auto& item : at(contact, "channels")) {
    if (text_at(item, "channel") == channel) return item;
  }
  return kNone;
}

constexpr std::pair<std::string_view, std::string_view> kChannelColumns[] = {
    {"mail", "email"}, {"mobile", "mobile"}, {"webhook", "webhook"}};

// Each channel as columns of its own.
std::vector<Json> contact_rows(std::vector<Json> contacts) {
  for (auto& contact : contacts) {
    for (const auto& [column, channel] : kChannelColumns) {
      const auto item = channel_of(contact, channel);
      contact[std::string(column)] = at(item, "address");
      contact[std::string(column) + "_state"] = at(item, "state");
    }
  }
  return contacts;
}

void print_channels(const Session& session, const Json& contact) {
  print_inner(session, at(contact, "channels"), "channels",
              {{"channel", "channel"},
               {"address", "address"},
               {"state", "state", Kind::word},
               {"in_use", "in_use"},
               {"verified_at", "verified_at", Kind::time},
               {"code_expires_at", "code_expires_at", Kind::time},
               {"tries_left", "code_tries_left", Kind::number},
               {"next_code_at", "next_code_at", Kind::time}});
}

// Whoever was sent a code must hear where it goes.
void remark_on_codes(const Session& session, const Json& answer) {
  if (session.is_dry_run()) return;
  for (const auto& change : at(answer, "changes")) {
    const auto& channels = at(change, "after.channels");
    const bool is_waiting = std::ranges::any_of(
        channels, [](const Json& channel) { return text_at(channel, "state") == "code_sent"; });
    if (!is_waiting) continue;
    session.remark(
        fmt::format("then: vaultbell contact confirm {} CODE", text_at(change, "after.name")));
  }
}

}  // namespace

Expected<ExitCode> list_contacts(Session& session) {
  const auto rank = [](const Json& contact) -> std::size_t {
    return at(contact, "is_reachable") == true ? 1 : 0;
  };
  return list(session,
              {.path = path_of({"contacts"}),
               .columns = {{"name", "name"},
                           {"mail", "mail"},
                           {"mail_state", "mail_state", Kind::word},
                           {"mobile", "mobile", Kind::text, false, {}, 2},
                           {"mobile_state", "mobile_state", Kind::word, false, {}, 3},
                           {"webhook", "webhook", Kind::text, false, {}, 2},
                           {"webhook_state", "webhook_state", Kind::word, false, {}, 3},
                           {"groups", "groups", Kind::text, false, {}, 1},
                           {"uses", "uses", Kind::number, false, {}, 4},
                           {"reachable", "is_reachable", Kind::text, true},
                           {"managed_by", "managed_by", Kind::text, true},
                           {"created_at", "created_at", Kind::time, true}},
               .none = "no contact; add the first one: vaultbell contact add NAME --mail ADDRESS",
               .rank = rank,
               .then_by = "name",
               .rows_of = contact_rows});
}

Expected<ExitCode> show_contact(Session& session) {
  return show(session, path_of({"contacts", session.argument(0)}),
              {{"name", "name"},
               {"groups", "groups"},
               {"uses", "uses"},
               {"is_reachable", "is_reachable"},
               {"managed_by", "managed_by"},
               {"created_at", "created_at", Kind::time}},
              print_channels);
}

Expected<ExitCode> add_contact(Session& session) {
  const auto& typed = session.typed();
  if (!typed.has("mail") && !typed.has("mobile") && !typed.has("webhook")) {
    return wrong_usage("--mail, --mobile or --webhook is missing: a contact needs an address",
                       std::string(typed.command->example));
  }
  auto body = body_of(typed, kContactFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  (*body)["name"] = session.argument(0);
  const auto answer = order(session, {"POST", path_of({"contacts"}), *body});
  if (!answer) return tl::unexpected<Failure>(answer.error());
  remark_on_codes(session, *answer);
  return exit_of(session, *answer);
}

Expected<ExitCode> edit_contact(Session& session) {
  const auto body = body_of(session.typed(), kContactFields);
  if (!body) return tl::unexpected<Failure>(body.error());
  if (body->empty()) return nothing_given(session);
  const auto answer = order(session, {"PATCH", path_of({"contacts", session.argument(0)}), *body});
  if (!answer) return tl::unexpected<Failure>(answer.error());
  remark_on_codes(session, *answer);
  return exit_of(session, *answer);
}

Expected<ExitCode> verify_contact(Session& session) {
  return change(session,
                {"POST", path_of({"contacts", session.argument(0), "verify"}), Json::object()});
}

// People read codes in groups, and may type them so.
Expected<ExitCode> confirm_contact(Session& session) {
  std::string code;
  const auto& arguments = session.typed().arguments;
  for (std::size_t i = 1; i < arguments.size(); ++i) code += arguments[i];
  return change(session,
                {"POST", path_of({"contacts", session.argument(0), "confirm"}), {{"code", code}}});
}

Expected<ExitCode> delete_contact(Session& session) {
  return change(session, {"DELETE", path_of({"contacts", session.argument(0)}), Json::object()});
}

Expected<ExitCode> show_webhook_secret(Session& session) {
  return show(session, path_of({"contacts", session.argument(0), "webhook-secret"}),
              {{"address", "address"}, {"secret", "secret"}});
}

Expected<ExitCode> show_contact_uses(Session& session) {
  return show_uses(session, "contacts",
                   "the contact is used nowhere; it can be put into a group (vaultbell group add) "
                   "or named by a policy (vaultbell policy set)");
}

}  // namespace vaultbell::ctl
