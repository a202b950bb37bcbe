std::vector<std::string> table_names() {
  return {"vaults", "clients"};
}
