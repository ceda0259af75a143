//! Migrations are compiled in; a new file among them must make cargo build again.

fn main() {
    println!("cargo::rerun-if-changed=src/store/migrations");
}
