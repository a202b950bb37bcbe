#include "agent/alone/telling.hpp"

#include <gtest/gtest.h>

namespace vaultbell::agent::alone {
namespace {

using core::AloneEvent;

Facts some_facts() {
  return {.call = {AloneEvent::alone, *parse_iso("2026-03-01T02:20:00Z"), std::chrono::hours(4)},
          .client = "db-1",
          .aggregator = "tcp://vaultbell.example.org:8481",
          .hostname = "db-1.example.org"};
}

TEST(Telling, AScriptGetsTheFactsInItsEnvironment) {
  EXPECT_EQ(
      environment_of(some_facts()),
      (std::vector<std::string>{"VAULTBELL_EVENT=alone", "VAULTBELL_SINCE=2026-03-01T02:20:00Z",
                                "VAULTBELL_FOR=14400", "VAULTBELL_CLIENT=db-1",
                                "VAULTBELL_AGGREGATOR=tcp://vaultbell.example.org:8481"}));
}

TEST(Telling, APersonGetsAParagraph) {
  EXPECT_EQ(paragraph_of(some_facts()),
            "The Vaultbell agent on db-1.example.org (client \"db-1\") has had no\n"
            "contact with its aggregator tcp://vaultbell.example.org:8481 since\n"
            "2026-03-01T02:20:00Z, for 4 h. Until there is contact nobody hears of a\n"
            "backup that fails on this host. What is reported meanwhile is kept and\n"
            "sent later. What to do: see that the aggregator runs and can be reached\n"
            "from this host; vaultbell-agent status tells more.\n");
}

TEST(Telling, WhoIsNotLetInIsToldWhy) {
  auto facts = some_facts();
  facts.trouble = "this host's key is not enrolled there";
  EXPECT_EQ(paragraph_of(facts),
            "The Vaultbell agent on db-1.example.org (client \"db-1\") has had no\n"
            "contact with its aggregator tcp://vaultbell.example.org:8481 since\n"
            "2026-03-01T02:20:00Z, for 4 h. It does not let this host in: this host's\n"
            "key is not enrolled there. Until there is contact nobody hears of a\n"
            "backup that fails on this host. What is reported meanwhile is kept and\n"
            "sent later. What to do: see on the aggregator what became of this\n"
            "client; vaultbell-agent status tells more.\n");
}

TEST(Telling, ContactIsToldWithThePeriodThatIsOver) {
  auto facts = some_facts();
  facts.call.event = AloneEvent::back;
  EXPECT_EQ(environment_of(facts).front(), "VAULTBELL_EVENT=back");
  EXPECT_EQ(paragraph_of(facts),
            "The Vaultbell agent on db-1.example.org (client \"db-1\") has contact with\n"
            "its aggregator tcp://vaultbell.example.org:8481 again. It had none since\n"
            "2026-03-01T02:20:00Z, for 4 h. What was reported meanwhile was kept and\n"
            "is being sent.\n");
}

TEST(Telling, WhatCameOverTheWireAddsNoLine) {
  auto facts = some_facts();
  facts.client = "a\nb\x1b[31m";
  facts.trouble = "no\r\n.\r\n" + std::string(10'000, 'x');
  EXPECT_EQ(environment_of(facts).at(3), "VAULTBELL_CLIENT=a b\xEF\xBF\xBD[31m");
  const auto text = paragraph_of(facts);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find("\n.\n"), std::string::npos);
  EXPECT_LT(text.size(), 1'500U);
}

}  // namespace
}  // namespace vaultbell::agent::alone
