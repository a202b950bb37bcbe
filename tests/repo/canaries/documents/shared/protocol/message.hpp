enum class RefusalCode : std::uint8_t {
  hello_needed = 1,  // say hello first
  busy = 14,
};
