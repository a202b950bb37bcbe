auto statements() {
  return {Pattern("CLIENT connects"), Pattern("PERSON gets \"TEXT\"")};
}
