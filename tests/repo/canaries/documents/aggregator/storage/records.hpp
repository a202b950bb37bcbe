template <class Visitor>
void visit_fields(Visitor& visit, Vault& row) {
  visit(1, row.id);
  visit(2, row.name);
}

template <class Visitor>
void visit_fields(Visitor& visit, Client& row) {
  visit(1, row.public_key.bytes);
}
