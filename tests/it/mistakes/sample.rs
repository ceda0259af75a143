//! A configuration to be made wrong.

use std::path::Path;
use std::sync::LazyLock;

use concord::config::Config;
use concord::decide::Programs;
use concord::engine::{Engine, Limits};
use concord_contract::MANIFEST_SECTION;

use crate::support::guests;
use crate::support::places;

pub const HOST: &str = r#"listen = "127.0.0.1:8080"
data = "data"
policies = "policies"
programs = "programs"
entities = "entities"
drain_seconds = 10
log = "text"

[limits]
fuel = 10000000
deadline_ms = 1000
memory_bytes = 16777216
component_bytes = 4194304
concurrent = 4
"#;

pub const PROGRAM: &str = r#"id = "sample"
kind = "funding"
cities = ["here", "there"]
fund = "purse"
from = 2024-01-01

[name]
zh-Hans = "样"
zh-Hant = "樣"
en = "Sample"

[combine]
rulings = "all"
award = "lowest"
shares = { here = 60, there = 40 }

[[bindings]]
city = "here"
policy = "obedient"
version = "1.0.0"
from = 2024-01-01
funds = { joint = "purse" }
grants = ["awards"]
parameters = { least = 3, steps = [1, 2] }

[[bindings]]
city = "there"
policy = "guangzhou-core-tech"
version = "1.0.0"
from = 2024-01-01
funds = { joint = "purse" }
grants = ["awards"]

[bindings.parameters]
min_rd_intensity = "3%"
"#;

pub const ENTITIES: &str = r#"[[cities]]
id = "here"
name = { zh-Hans = "此", zh-Hant = "此", en = "Here" }
bureau = { zh-Hans = "局", zh-Hant = "局", en = "Bureau" }
currency = "CNY"
time_zone = "Asia/Shanghai"

[[cities]]
id = "there"
name = { zh-Hans = "彼", zh-Hant = "彼", en = "There" }
bureau = { zh-Hans = "局", zh-Hant = "局", en = "Bureau" }
currency = "HKD"
time_zone = "Asia/Hong_Kong"

[[funds]]
id = "purse"
name = { zh-Hans = "钱", zh-Hant = "錢", en = "Purse" }
currency = "CNY"
contributions = [{ city = "here", amount = "10.00", spent = "4.00" }]
# Six are left.

[[organisations]]
id = "firm"
name = { zh-Hans = "厂", zh-Hant = "廠", en = "Firm" }
city = "here"
kind = "enterprise"
awards = [{ program = "sample", amount = { amount = "1.00", currency = "CNY" }, on = 2025-01-01 }]
[organisations.facts]
rd_intensity = "3.1%"

[[projects]]
id = "work"
name = { zh-Hans = "工", zh-Hant = "工", en = "Work" }
parties = ["firm"]

[[vouchers]]
id = "ticket"
name = { zh-Hans = "券", zh-Hant = "券", en = "Ticket" }
city = "here"
holder = "firm"
issued = 2025-01-01
expires = 2025-12-31
amount = { amount = "5.00", currency = "CNY" }

[[resources]]
id = "lab"
name = { zh-Hans = "室", zh-Hant = "室", en = "Lab" }
city = "there"
kind = "instrument"
provider = "firm"

[[agreements]]
id = "pact"
name = { zh-Hans = "约", zh-Hant = "約", en = "Pact" }
parties = ["firm"]
project = "work"
signed = 2025-01-01
until = 2026-01-01
"#;

/// What is said of a configuration with these files, without the folder that they stand in.
pub fn said_of(host: &str, program: &str, entities: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let write = |file: &str, text: &[u8]| {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("concord.toml", host.as_bytes());
    write("programs/sample.toml", program.as_bytes());
    write("entities/all.toml", entities.as_bytes());
    write("policies/obedient-1.0.0.wasm", &guests::OBEDIENT.component());
    write("policies/broken-1.0.0.wasm", b"broken");
    write("policies/differing-1.0.0.wasm", &differing());
    for real in ["guangzhou-core-tech-1.0.0.wasm", "guangfo-voucher-1.0.0.wasm"] {
        write(&format!("policies/{real}"), &std::fs::read(places::policies().join(real)).unwrap());
    }
    let said = load(folder.path()).err().unwrap_or_default();
    said.replace(&format!("{}/", folder.path().display()), "")
}

/// A policy that declares a fact otherwise than `guangzhou-core-tech` does.
fn differing() -> Vec<u8> {
    let manifest = guests::OBEDIENT.manifest().replace("\"obedient\"", "\"differing\"");
    let manifest = manifest.replace("[facts.project.level]", "[facts.project.trl]");
    let recipe = guests::OBEDIENT.recipe().without(MANIFEST_SECTION);
    recipe.section(MANIFEST_SECTION, &manifest).make()
}

fn load(folder: &Path) -> Result<(), String> {
    let config = Config::load(&folder.join("concord.toml")).map_err(|errors| errors.to_string())?;
    let limits = Limits { concurrent: 1, ..config.host.limits.clone() };
    let engine = Engine::new(limits, Some(COMPILED.path().to_owned())).unwrap();
    Programs::bind(engine, config.programs.clone(), &config.host.policies)
        .map(|_| ())
        .map_err(|faults| config.locate(faults).to_string())
}

/// Compiled policies, for all tests here.
static COMPILED: LazyLock<tempfile::TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

/// The text with a piece of it replaced.
pub fn changed(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}

/// What is said of a program that is otherwise right.
pub fn said_of_program(program: &str) -> String {
    said_of(HOST, program, ENTITIES)
}

/// What is said of entities that are otherwise right.
pub fn said_of_entities(entities: &str) -> String {
    said_of(HOST, PROGRAM, entities)
}
