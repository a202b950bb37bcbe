#include "agent/alone/kept.hpp"

#include "shared/pack/fields.hpp"

namespace vaultbell::agent::core {

template <class Visitor>
void visit_fields(Visitor& visit, AloneCall& call) {
  visit(1, call.event);
  visit(2, call.since);
  visit(3, call.lasted);
  visit(4, call.attempts);
  visit(5, call.is_open);
  visit(6, call.is_over);
  visit(7, call.run_at);
  visit(8, call.exit_code);
  visit(9, call.failure);
}

}  // namespace vaultbell::agent::core

namespace vaultbell::agent::alone {

template <class Visitor>
void visit_fields(Visitor& visit, Kept& kept) {
  visit(1, kept.boot);
  visit(2, kept.row.since);
  visit(3, kept.row.counted);
  visit(4, kept.row.call);
}

std::string encode(const Kept& kept) {
  return pack::encode(kept);
}

Result<Kept> decode(std::string_view bytes) {
  auto kept = pack::decode<Kept>(bytes);
  if (!kept) return fail(kept.error());
  const auto& call = kept->row.call;
  const bool is_sound = kept->row.counted >= Duration::zero() &&
                        (!call || (call->attempts > 0 && call->lasted >= Duration::zero()));
  if (!is_sound) return fail(ErrorCode::invalid, "a number is out of range");
  return std::move(*kept);
}

}  // namespace vaultbell::agent::alone
