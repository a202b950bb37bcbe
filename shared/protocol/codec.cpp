#include "shared/protocol/codec.hpp"

#include <fmt/format.h>

#include "shared/base/text.hpp"
#include "shared/domain/name.hpp"
#include "shared/protocol/fields.hpp"

namespace vaultbell::protocol {

namespace {

// The number of each message type on the wire; run starts and run ends share one struct but are
// two messages. From an agent 1 to 15, from the aggregator 16 to 31.
enum class Type : std::uint8_t {
  hello = 1,
  heartbeat = 2,
  run_started = 3,
  run_ended = 4,
  goodbye = 5,
  enrol_request = 6,
  key_offer = 7,
  welcome = 16,
  timing = 17,
  heartbeat_ack = 18,
  ack = 19,
  refusal = 20,
  enrol_accepted = 21,
  enrol_pending = 22,
  key_accepted = 23,
};

constexpr std::size_t kHostTextBytesMax = 256;  // versions, host names, operating systems

struct TypeOf {
  Type operator()(const Hello&) const { return Type::hello; }
  Type operator()(const Heartbeat&) const { return Type::heartbeat; }
  Type operator()(const Report& report) const {
    return report.report.outcome == Outcome::running ? Type::run_started : Type::run_ended;
  }
  Type operator()(const Goodbye&) const { return Type::goodbye; }
  Type operator()(const EnrolRequest&) const { return Type::enrol_request; }
  Type operator()(const KeyOffer&) const { return Type::key_offer; }
  Type operator()(const Welcome&) const { return Type::welcome; }
  Type operator()(const Timing&) const { return Type::timing; }
  Type operator()(const HeartbeatAck&) const { return Type::heartbeat_ack; }
  Type operator()(const Ack&) const { return Type::ack; }
  Type operator()(const Refusal&) const { return Type::refusal; }
  Type operator()(const EnrolAccepted&) const { return Type::enrol_accepted; }
  Type operator()(const EnrolPending&) const { return Type::enrol_pending; }
  Type operator()(const KeyAccepted&) const { return Type::key_accepted; }
};

Status check_host_text(std::string_view what, std::string_view text) {
  if (text.size() > kHostTextBytesMax || has_control(text)) {
    return fail(ErrorCode::invalid,
                fmt::format("{}: longer than {} bytes or with control characters", what,
                            kHostTextBytesMax));
  }
  return {};
}

template <class T>
Status check_host(const T& about) {
  if (auto ok = check_host_text("agent version", about.agent_version); !ok) return ok;
  if (auto ok = check_host_text("host name", about.hostname); !ok) return ok;
  return check_host_text("operating system", about.os);
}

// What the types alone cannot promise.
struct CheckBody {
  Status operator()(const Hello& hello) const {
    if (hello.spools.size() > kSpoolsPerHelloMax) {
      return fail(ErrorCode::invalid, fmt::format("more than {} spools", kSpoolsPerHelloMax));
    }
    for (const auto& range : hello.spools) {
      if (range.first == 0 || range.first > range.last + 1) {
        return fail(ErrorCode::invalid, "a spool's range runs backwards");
      }
    }
    return check_host(hello);
  }
  Status operator()(const Report& report) const { return check_report(report.report); }
  Status operator()(const EnrolRequest& request) const {
    if (auto ok = check_name("client name", request.name); !ok) return ok;
    return check_host(request);
  }
  template <class T>
  Status operator()(const T&) const {
    return {};
  }
};

template <class T>
Result<Body> read_body(const pack::Value& value) {
  T body{};
  if (auto ok = pack::read(value, body); !ok) return fail(ok.error());
  if (auto ok = CheckBody{}(body); !ok) return fail(ok.error());
  return Body(std::move(body));
}

Result<Body> read_report(const pack::Value& value, bool is_end) {
  auto body = read_body<Report>(value);
  if (!body) return body;
  const bool says_running = std::get<Report>(*body).report.outcome == Outcome::running;
  if (says_running == is_end) {
    return fail(ErrorCode::invalid, is_end ? "the end of a run says it is running"
                                           : "the start of a run has an outcome");
  }
  return body;
}

Result<Body> read_body(Type type, const pack::Value& value) {
  switch (type) {
    case Type::hello:
      return read_body<Hello>(value);
    case Type::heartbeat:
      return read_body<Heartbeat>(value);
    case Type::run_started:
      return read_report(value, false);
    case Type::run_ended:
      return read_report(value, true);
    case Type::goodbye:
      return read_body<Goodbye>(value);
    case Type::enrol_request:
      return read_body<EnrolRequest>(value);
    case Type::key_offer:
      return read_body<KeyOffer>(value);
    case Type::welcome:
      return read_body<Welcome>(value);
    case Type::timing:
      return read_body<Timing>(value);
    case Type::heartbeat_ack:
      return read_body<HeartbeatAck>(value);
    case Type::ack:
      return read_body<Ack>(value);
    case Type::refusal:
      return read_body<Refusal>(value);
    case Type::enrol_accepted:
      return read_body<EnrolAccepted>(value);
    case Type::enrol_pending:
      return read_body<EnrolPending>(value);
    case Type::key_accepted:
      return read_body<KeyAccepted>(value);
  }
  return fail(ErrorCode::refused, "");
}

struct Envelope {
  std::uint64_t version = 0;
  std::uint64_t type = 0;
  std::uint64_t sequence = 0;
};

std::optional<Envelope> read_envelope(const pack::Value& root) {
  if (!root.is_array() || root.size() != 4) return std::nullopt;
  const auto version = root.at(0).as_unsigned();
  const auto type = root.at(1).as_unsigned();
  const auto sequence = root.at(2).as_unsigned();
  if (!version || !type || !sequence) return std::nullopt;
  return Envelope{*version, *type, *sequence};
}

tl::unexpected<Unreadable> unreadable(RefusalCode code, std::uint64_t sequence,
                                      std::string message) {
  return tl::unexpected<Unreadable>(Unreadable{code, sequence, std::move(message)});
}

}  // namespace

std::string encode(const Message& message) {
  pack::Writer writer;
  writer.array(4);
  writer.unsigned_integer(kVersionMax);
  writer.unsigned_integer(static_cast<std::uint64_t>(std::visit(TypeOf{}, message.body)));
  writer.unsigned_integer(message.sequence);
  std::visit([&](const auto& body) { pack::write(writer, body); }, message.body);
  return writer.take();
}

tl::expected<Message, Unreadable> decode(std::string_view bytes) {
  const pack::Limits limits{.bytes_max = kMessageBytesMax, .depth_max = 6, .entries_max = 64};
  const auto document = pack::Document::parse(bytes, limits);
  if (!document) return unreadable(RefusalCode::malformed, 0, document.error().message);
  const auto root = document->root();
  const auto envelope = read_envelope(root);
  if (!envelope) {
    return unreadable(RefusalCode::malformed, 0, "not an array of version, type, sequence, body");
  }
  const bool is_hello = envelope->type == static_cast<std::uint64_t>(Type::hello);
  const bool is_known_version =
      envelope->version >= kVersionMin && envelope->version <= kVersionMax;
  if (!is_hello && !is_known_version) {
    return unreadable(RefusalCode::version_unsupported, envelope->sequence,
                      fmt::format("protocol version {}: this side speaks {} to {}",
                                  envelope->version, kVersionMin, kVersionMax));
  }
  if (envelope->type > 255) {
    return unreadable(RefusalCode::unsupported, envelope->sequence,
                      fmt::format("unknown message type {}", envelope->type));
  }
  auto body = read_body(static_cast<Type>(envelope->type), root.at(3));
  if (!body && body.error().code == ErrorCode::refused) {
    return unreadable(RefusalCode::unsupported, envelope->sequence,
                      fmt::format("unknown message type {}", envelope->type));
  }
  if (!body) return unreadable(RefusalCode::malformed, envelope->sequence, body.error().message);
  return Message{envelope->sequence, std::move(*body)};
}

std::uint32_t common_version(const Hello& hello) {
  const auto highest = std::min(hello.version_max, kVersionMax);
  return highest >= std::max(hello.version_min, kVersionMin) ? highest : 0;
}

}  // namespace vaultbell::protocol
