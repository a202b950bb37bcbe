  auto top = file.section("");
  top.read("state_dir", configuration.state_dir);
  auto log = file.section("log");
  log.read_choice("level", configuration.log_level);
