// Administrators: people who give orders at any time, also while alerts are held: whom to tell, in
// which windows not to, what is acknowledged, and how often hosts must speak.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "aggregator/core/command.hpp"
#include "tests/simulation/random.hpp"
#include "tests/simulation/scene.hpp"

namespace vaultbell::simulation {

class Aggregator;
class Witness;

// Where the contact of this number is reached at first.
core::AddressKey mail_of_contact(std::size_t number);
core::AddressKey mobile_of_contact(std::size_t number);

class Administrators {
 public:
  Administrators(Scene& scene, Aggregator& aggregator, Witness& witness);

  // Puts their days on the agenda.
  void begin();

 private:
  // A code that somebody was sent and will type.
  struct SentCode {
    core::AddressKey place;
    core::CodeHash hash{};
  };

  void order(decltype(core::Order::what) what);
  void go_on();
  void order_something();
  void create_contact(std::size_t number);
  void create_group();
  void change_address();
  void change_group();
  void confirm(const std::string& contact);
  core::ChannelOrder with_code(const std::string& contact, const core::AddressKey& place);
  void set_policy();
  core::Policy draw_policy(bool is_clients);
  void draw_repeats(core::Policy& policy);
  void begin_window();
  void end_window();
  void retime();
  void expect_of_job();
  void treat_alert();
  void reactivate();
  void treat_delivery();

  [[nodiscard]] ContactId any_contact();
  [[nodiscard]] ClientId any_client();
  [[nodiscard]] VaultId any_vault();

  Scene& scene_;
  Aggregator& aggregator_;
  Witness& witness_;
  Random random_;
  std::uint64_t codes_ = 0;
  std::map<std::string, std::vector<SentCode>> sent_codes_;  // by contact
};

}  // namespace vaultbell::simulation
