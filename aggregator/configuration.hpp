// Configuration: aggregator.toml as data. docs/configuration.md describes every key.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "aggregator/core/settings.hpp"
#include "aggregator/notify/delivery_settings.hpp"
#include "aggregator/watchdog/settings.hpp"
#include "aggregator/web_settings.hpp"
#include "shared/base/log.hpp"
#include "shared/config/toml_file.hpp"

namespace vaultbell::aggregator {

struct Configuration {
  std::filesystem::path state_dir = "/var/lib/vaultbell";
  std::filesystem::path conf_dir;  // of the declared objects; as read: beside the file itself
  std::filesystem::path control_socket = "/run/vaultbell/control.sock";
  WebSettings web;
  std::string agents_listen = "tcp://*:8481";
  std::string agents_public_endpoint;  // empty: this host's name and the port of agents_listen
  std::string enrolment_listen = "tcp://*:8482";  // empty: nobody can enrol
  std::string enrolment_public_endpoint;          // empty: as agents_public_endpoint
  core::Settings settings;
  notify::DeliverySettings delivery;
  watchdog::PingSettings pings;
  log::Level log_level = log::Level::info;
};

struct Loaded {
  Configuration configuration;
  std::vector<std::string> mistakes;  // empty: the configuration can be used
};

// Reads the file, and the secrets and templates that it names. Collects every mistake.
Loaded load_configuration(const std::filesystem::path& path);
Loaded parse_configuration(const std::filesystem::path& path, std::string_view text);

}  // namespace vaultbell::aggregator
