//! Everything that is tested from outside: real files, real ports, the real binary, a real browser.

mod addresses;
mod bad_input;
mod browser;
mod catalogue_file;
mod connections;
mod durability;
mod guessing;
mod history;
mod hostile;
mod journal_contract;
mod journal_damage;
mod maintenance;
mod management_answers;
mod notice_list;
mod people_and_tokens;
mod private_files;
mod protocol;
mod public_pages;
mod public_paths;
mod repetition;
mod request_bodies;
mod reverse_proxy;
mod sign_in;
mod storage_faults;
mod support;
mod wrong_clock;
