#include "tests/support/smtp_server.hpp"

namespace vaultbell::support {

namespace {

ChildServer::Setting setting_for(const SmtpServerOptions& options) {
  ChildServer::Setting setting{.script = VAULTBELL_SMTP_SERVER,
                               .arguments = {"--tls", options.tls},
                               .has_certificate = options.tls != "none"};
  auto& arguments = setting.arguments;
  if (!options.user.empty()) {
    arguments.insert(arguments.end(), {"--user", options.user, "--password", options.password});
  }
  arguments.insert(arguments.end(), options.more.begin(), options.more.end());
  return setting;
}

}  // namespace

SmtpServer::SmtpServer(const SmtpServerOptions& options)
    : server_(setting_for(options)),
      url_((options.tls == "smtps" ? "smtps" : "smtp") +
           ("://127.0.0.1:" + std::to_string(server_.port()))) {}

}  // namespace vaultbell::support
