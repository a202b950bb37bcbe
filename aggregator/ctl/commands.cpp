#include <array>

#include "aggregator/ctl/actions.hpp"
#include "aggregator/ctl/command.hpp"

namespace vaultbell::ctl {

namespace {

constexpr std::size_t kMany = 1000;  // arguments of a command that takes several

constexpr std::string_view kTimes = "heartbeat-every disconnect-after offline-grace";
constexpr std::string_view kPolicy =
    "contact+ group+ min-severity kind+ notify-after notify-after-kind+ frequency no-recovery "
    "remind-every escalate-after escalate-contact+ escalate-group+ quiet-hours quiet-zone "
    "quiet-critical";
constexpr std::string_view kJob =
    "every cron zone grace max-age max-duration verify-every high-frequency tolerate-failures "
    "warnings-as bands operation";
constexpr std::string_view kJobEdit =
    "schedule every cron zone grace max-age max-duration verify-every high-frequency "
    "tolerate-failures warnings-as bands operation";

constexpr auto kCommands = std::to_array<Command>({
    {"status", "", 0, 0, "", "the overview: is anything wrong?", "vaultbell status", show_status},
    {"check", "", 0, 0, "", "can silence be trusted? a Nagios plugin (exit 0, 1, 2 or 3)",
     "vaultbell check", check_silence},
    {"search", "PART", 1, 1, "", "what has a name with this in it: clients, jobs, vaults, people",
     "vaultbell search db", search_names},

    {"client list", "", 0, 0, "state vault stale outdated", "the clients, those in trouble first",
     "vaultbell client list --state disconnected", list_clients},
    {"client show", "NAME", 1, 1, "", "one client, with its active alerts",
     "vaultbell client show db-1", show_client},
    {"client timeline", "NAME", 1, 1, "since all",
     "its runs, alerts, messages and changes in one list, newest first",
     "vaultbell client timeline db-1 --since 7d", show_timeline},
    {"client edit", "NAME", 1, 1, kTimes, "a client's own times",
     "vaultbell client edit db-1 --disconnect-after 5m", edit_client},
    {"client move", "NAME", 1, 1, "vault", "put a client into another vault",
     "vaultbell client move db-1 --vault lab", move_client},
    {"client rename", "NAME NEW", 2, 2, "", "give a client another name",
     "vaultbell client rename db-1 db-old", rename_client},
    {"client retire", "NAME", 1, 1, "", "take a client out of service; its history stays",
     "vaultbell client retire db-1", retire_client},

    {"vault list", "", 0, 0, "", "the vaults, with their clients by state", "vaultbell vault list",
     list_vaults},
    {"vault show", "NAME", 1, 1, "", "one vault", "vaultbell vault show prod", show_vault},
    {"vault create", "NAME", 1, 1, "policy heartbeat-every disconnect-after offline-grace",
     "a new vault", "vaultbell vault create prod", create_vault},
    {"vault edit", "NAME", 1, 1, "heartbeat-every disconnect-after offline-grace warnings-as",
     "a vault's times, and what warnings are", "vaultbell vault edit lab --disconnect-after 10m",
     edit_vault},
    {"vault rename", "NAME NEW", 2, 2, "", "give a vault another name",
     "vaultbell vault rename lab test", rename_vault},
    {"vault delete", "NAME", 1, 1, "", "delete a vault that is empty", "vaultbell vault delete lab",
     delete_vault},

    {"policy list", "", 0, 0, "vault nobody effective", "who would be told of each client",
     "vaultbell policy list --nobody", list_policies},
    {"policy show vault", "NAME", 1, 1, "", "a vault's policy", "vaultbell policy show vault prod",
     show_vault_policy},
    {"policy show client", "NAME", 1, 1, "", "a client's own policy",
     "vaultbell policy show client db-1", show_client_policy},
    {"policy set vault", "NAME MODE", 2, 2, kPolicy,
     "who is told of a vault's alerts: default, custom or off",
     "vaultbell policy set vault prod custom --group ops --notify-after 30m", set_vault_policy},
    {"policy set client", "NAME MODE", 2, 2, kPolicy, "the same of a client; or same-as-vault",
     "vaultbell policy set client db-1 custom --contact alice --frequency hourly",
     set_client_policy},

    {"contact list", "", 0, 0, "", "the contacts, those that nothing reaches first",
     "vaultbell contact list", list_contacts},
    {"contact show", "NAME", 1, 1, "", "one contact", "vaultbell contact show alice", show_contact},
    {"contact add", "NAME", 1, 1, "mail mobile webhook", "a new contact; codes go to its addresses",
     "vaultbell contact add alice --mail alice@example.org", add_contact},
    {"contact edit", "NAME", 1, 1, "name mail mobile webhook", "another name or address",
     "vaultbell contact edit alice --mobile none", edit_contact},
    {"contact verify", "NAME", 1, 1, "", "send codes again, to what is not verified",
     "vaultbell contact verify alice", verify_contact},
    {"contact confirm", "NAME CODE", 2, 4, "", "the code that arrived: the address is verified",
     "vaultbell contact confirm alice 041902", confirm_contact},
    {"contact test", "NAME", 1, 1, "", "send a message to each address, and wait for the answers",
     "vaultbell contact test alice", test_contact},
    {"contact webhook-secret", "NAME", 1, 1, "", "what its webhook checks signatures with",
     "vaultbell contact webhook-secret chat", show_webhook_secret},
    {"contact uses", "NAME", 1, 1, "", "the groups and policies that name it",
     "vaultbell contact uses alice", show_contact_uses},
    {"contact delete", "NAME", 1, 1, "", "delete a contact that is used nowhere",
     "vaultbell contact delete alice", delete_contact},

    {"group list", "", 0, 0, "", "the groups", "vaultbell group list", list_groups},
    {"group show", "NAME", 1, 1, "", "one group", "vaultbell group show ops", show_group},
    {"group create", "NAME", 1, 1, "member+", "a new group",
     "vaultbell group create ops --member alice --member bob", create_group},
    {"group edit", "NAME", 1, 1, "name", "another name", "vaultbell group edit ops --name team",
     edit_group},
    {"group add", "NAME CONTACT...", 2, kMany, "", "put contacts into a group",
     "vaultbell group add ops alice bob", add_members},
    {"group remove", "NAME CONTACT...", 2, kMany, "", "take contacts out of a group",
     "vaultbell group remove ops bob", remove_members},
    {"group uses", "NAME", 1, 1, "", "the policies that name it", "vaultbell group uses ops",
     show_group_uses},
    {"group delete", "NAME", 1, 1, "", "delete a group that is used nowhere",
     "vaultbell group delete ops", delete_group},

    {"job list", "", 0, 0, "client", "the jobs, failed ones first",
     "vaultbell job list --client db-1", list_jobs},
    {"job show", "CLIENT JOB", 2, 2, "", "one job", "vaultbell job show db-1 nightly", show_job},
    {"job add", "CLIENT JOB", 2, 2, kJob, "expect a job before its first run",
     "vaultbell job add db-1 nightly --cron '30 2 * * *' --zone Europe/Berlin", add_job},
    {"job edit", "CLIENT JOB", 2, 2, kJobEdit, "what is expected of a job",
     "vaultbell job edit db-1 nightly --max-age 26h --schedule none", edit_job},
    {"job forget", "CLIENT JOB", 2, 2, "", "expect a job no more; its runs stay",
     "vaultbell job forget db-1 nightly", forget_job},

    {"run list", "", 0, 0, "client job outcome operation since failed all",
     "the runs, newest first", "vaultbell run list --failed --since 24h", list_runs},
    {"run show", "ID", 1, 1, "", "one run, with the end of its output", "vaultbell run show 412",
     show_run},

    {"alert list", "", 0, 0, "state severity vault client kind all",
     "the active alerts, critical ones first", "vaultbell alert list --severity critical",
     list_alerts},
    {"alert show", "ID", 1, 1, "", "one alert, with its comments and deliveries",
     "vaultbell alert show 7", show_alert},
    {"alert ack", "ID...", 1, kMany, "why", "claim alerts: no reminder, no escalation",
     "vaultbell alert ack 7 -m 'new disk is ordered'", acknowledge_alerts},
    {"alert inactivate", "ID...", 1, kMany, "why", "end alerts by hand; nobody is told",
     "vaultbell alert inactivate 7 8 -m 'disk replaced'", inactivate_alerts},
    {"alert reactivate", "ID...", 1, kMany, "why", "make alerts active again",
     "vaultbell alert reactivate 7", reactivate_alerts},
    {"alert comment", "ID", 1, 1, "why", "write something at an alert",
     "vaultbell alert comment 7 -m 'the vendor is told'", comment_alert},
    {"alert notify-now", "ID...", 1, kMany, "", "tell of alerts now, whatever holds them",
     "vaultbell alert notify-now 7", notify_alerts_now},
    {"alert raise-test", "", 0, 0, "client vault severity",
     "an alert that tests who is told; it ends by itself",
     "vaultbell alert raise-test --client db-1 --severity warning", raise_test_alert},

    {"delivery list", "", 0, 0, "state alert recipient failed",
     "the messages and what became of them", "vaultbell delivery list --failed", list_deliveries},
    {"delivery show", "ID", 1, 1, "message", "one message, with every attempt",
     "vaultbell delivery show 31", show_delivery},
    {"delivery retry", "ID...", 1, kMany, "", "send messages again, now",
     "vaultbell delivery retry 31", retry_deliveries},
    {"delivery cancel", "ID...", 1, kMany, "", "send messages that wait no more",
     "vaultbell delivery cancel 31", cancel_deliveries},
    {"digest show", "", 0, 0, "recipient", "what is gathered, and when it goes out",
     "vaultbell digest show --recipient alice", show_digests},
    {"digest send-now", "", 0, 0, "recipient", "send what is gathered now",
     "vaultbell digest send-now --recipient alice", send_digests},
    {"channel list", "", 0, 0, "", "mail and SMS: do messages go out?", "vaultbell channel list",
     list_channels},

    {"maintenance list", "", 0, 0, "all", "when nobody is told, on purpose",
     "vaultbell maintenance list", list_maintenances},
    {"maintenance start", "", 0, 0, "all vault client job kind for until from cron zone length why",
     "alerts are listed, and nobody is told until it is over",
     "vaultbell maintenance start --client db-1 --for 2h -m 'new disks'", start_maintenance},
    {"maintenance extend", "ID", 1, 1, "for until", "move the end of a maintenance",
     "vaultbell maintenance extend 3 --for 1h", extend_maintenance},
    {"maintenance end", "ID...", 1, kMany, "", "end maintenances now",
     "vaultbell maintenance end 3", end_maintenances},

    {"enrol token create", "", 0, 0, "vault for-client uses expires needs-approval auto-approve",
     "a token that lets a host in; printed once",
     "vaultbell enrol token create --vault prod --expires 1h", create_token},
    {"enrol token list", "", 0, 0, "", "the tokens", "vaultbell enrol token list", list_tokens},
    {"enrol token revoke", "ID...", 1, kMany, "", "make tokens worthless",
     "vaultbell enrol token revoke 3", revoke_tokens},
    {"enrol pending", "", 0, 0, "state all", "the hosts that want to be let in",
     "vaultbell enrol pending", list_requests},
    {"enrol approve", "[NAME]", 0, 1, "fingerprint", "let a host in",
     "vaultbell enrol approve web-1", approve_request},
    {"enrol reject", "[NAME]", 0, 1, "fingerprint", "keep a host out",
     "vaultbell enrol reject web-1", reject_request},

    {"explain client", "NAME", 1, 1, "kind expect", "who would be told of its alerts, when and why",
     "vaultbell explain client db-1 --kind backup_failed --expect alice,bob", explain_client},
    {"explain alert", "ID", 1, 1, "expect", "why each message about it was or was not sent",
     "vaultbell explain alert 7", explain_alert},
    {"explain run", "ID", 1, 1, "", "why a run did or did not raise an alert",
     "vaultbell explain run 412", explain_run},
    {"config show", "", 0, 0, "", "where objects are declared, and whether that is applied",
     "vaultbell config show", show_config},
    {"config check", "[PATH]", 0, 1, "", "name every mistake in a folder of declared objects",
     "vaultbell config check /etc/vaultbell/conf.d", check_config},
    {"config diff", "", 0, 0, "adopt prune", "what applying the files would change; exit 10",
     "vaultbell config diff", diff_config},
    {"config apply", "", 0, 0, "adopt prune", "read the configuration again and apply it",
     "vaultbell config apply --dry-run", apply_config},
    {"config export", "", 0, 0, "all", "what no file declares, as such a file",
     "vaultbell config export > /etc/vaultbell/conf.d/all.toml", export_config},
    {"config schema", "", 0, 0, "", "what may be declared, as a JSON Schema for editors",
     "vaultbell config schema", print_schema},
    {"token create", "NAME", 1, 1, "role expires", "lets a program in over TCP; printed once",
     "vaultbell token create grafana --role viewer --expires 90d", create_api_token},
    {"token list", "", 0, 0, "", "who is let in over TCP: API tokens, login links, browsers",
     "vaultbell token list", list_access},
    {"token revoke", "ID...", 1, kMany, "", "let them in no more; also browsers and links",
     "vaultbell token revoke 3", revoke_access},
    {"login-link", "", 0, 0, "name role for", "a link that signs one browser in, once",
     "vaultbell login-link --name alice --role operator", make_login_link},
    {"audit", "", 0, 0, "since actor action", "who changed what, newest first",
     "vaultbell audit --since 24h", list_audit},
    {"version", "", 0, 0, "", "the version of this program", "vaultbell version", show_version},
    {"help", "[COMMAND]", 0, 3, "", "this help", "vaultbell help alert inactivate", show_help},
});

}  // namespace

std::span<const Command> commands() {
  return kCommands;
}

}  // namespace vaultbell::ctl
