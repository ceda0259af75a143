//! A host without its doors: programs with guests and a real policy, on one engine.

use std::path::Path;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use concord::decide::{Decision, Programs, Ruling};
use concord::domain::case::Case;
use concord::domain::entities::Entities;
use concord::domain::entity::{City, Contribution, Entity, Fund};
use concord::engine::{Engine, Limits};
use concord::review::case_file::{Sample, read_case, read_samples};
use concord::review::suite;
use concord_contract::Date;
use concord_contract::language::Texts;
use concord_contract::manifest::Manifest;

use super::guests::{self, Guest};
use super::places;

/// Programs of one policy each: guests by their names, and `guangzhou-core-tech`.
pub struct Host {
    programs: Programs,
    entities: Entities,
    real: Manifest,
    samples: Vec<Sample>,
}

/// A host that has all guests, for all tests. No machine is too slow for its deadline.
pub static SHARED: LazyLock<Host> = LazyLock::new(|| {
    let limits = Limits { deadline: Duration::from_secs(60), ..Limits::default() };
    Host::new(limits, guests::all())
});

/// The case that guests are run on: a project, and one party.
pub const CASE: &str = r#"
    [project]
    level = 5
    requested = { amount = "700.00", currency = "CNY" }
    motto = "together"
    [[parties]]
    staff = 12
"#;

impl Host {
    /// A host with an engine of its own.
    pub fn new(limits: Limits, guests: impl IntoIterator<Item = Guest>) -> Host {
        Host::with_cache(limits, guests, None)
    }

    /// A host with an engine of its own, which keeps compiled policies in a folder.
    pub fn with_cache(
        limits: Limits,
        guests: impl IntoIterator<Item = Guest>,
        cache: Option<&Path>,
    ) -> Host {
        let folder = tempfile::tempdir().unwrap();
        let entities = entities();
        let real = real_manifest();
        let mut programs = vec![suite::program_of(&real, &entities).unwrap()];
        let real_file = format!("{}-{}.wasm", real.id, real.version);
        std::fs::copy(places::policies().join(&real_file), folder.path().join(&real_file)).unwrap();
        for guest in guests {
            let file = folder.path().join(format!("{}-1.0.0.wasm", guest.name));
            std::fs::write(file, guest.component()).unwrap();
            let manifest = Manifest::parse(&guest.manifest()).unwrap();
            let mut program = suite::program_of(&manifest, &entities).unwrap();
            program.fund = Some("purse".parse().unwrap());
            programs.push(program);
        }
        let engine = Engine::new(limits, cache.map(Path::to_owned)).unwrap();
        let programs = Programs::bind(engine, programs, folder.path()).unwrap();
        let samples = places::root().join("plugins/guangzhou-core-tech/cases/fund.toml");
        Host { programs, entities, real, samples: read_samples(&samples).unwrap() }
    }

    /// The decision of a program on a case.
    pub fn decide(&self, program: &str, case: &Case) -> Decision {
        let program = self.programs.get(&program.parse().unwrap()).unwrap();
        self.programs.decide(program, case, Date::constant(2026, 11, 1), &self.entities).unwrap()
    }

    /// What is wrong with a case, so that a program cannot judge it.
    pub fn faults(&self, program: &str, case: &Case) -> Vec<String> {
        let program = self.programs.get(&program.parse().unwrap()).unwrap();
        let decided =
            self.programs.decide(program, case, Date::constant(2026, 11, 1), &self.entities);
        decided.unwrap_err().iter().map(ToString::to_string).collect()
    }

    /// A guest's ruling on [`CASE`].
    pub fn ruling(&self, guest: Guest) -> Ruling {
        self.decide(guest.name, &case(CASE)).rulings.pop().unwrap()
    }

    /// How the real policy, on this host's engine, judges its own cases otherwise than it should.
    pub fn differences(&self) -> Vec<String> {
        let results = suite::run_policy(&self.programs, &self.real, &self.samples, &self.entities);
        assert!(!results.cases.is_empty());
        results.cases.into_iter().flat_map(|case| case.differences).collect()
    }

    /// Panics if there are such [`Host::differences`].
    pub fn assert_the_next_check_is_right(&self) {
        assert_eq!(self.differences(), Vec::<String>::new());
    }
}

/// A case in TOML.
pub fn case(text: &str) -> Case {
    read_case(Path::new("case.toml"), text).unwrap()
}

/// What `guangzhou-core-tech` declares.
pub fn real_manifest() -> Manifest {
    concord_build::read_manifest(&places::root().join("plugins/guangzhou-core-tech")).unwrap()
}

/// The program's city, its fund, and the fund that guests ask about.
pub fn entities() -> Entities {
    let text = |id: &str| Texts { zh_hans: id.into(), zh_hant: id.into(), en: id.into() };
    let mut entities = Entities::default();
    entities.put(Arc::new(Entity::City(City {
        id: "here".parse().unwrap(),
        name: text("here"),
        bureau: text("bureau"),
        currency: "CNY".into(),
        time_zone: "Asia/Shanghai".into(),
    })));
    for id in ["purse", "of-the-case-joint"] {
        let (city, amount) = ("here".parse().unwrap(), "1000.00".into());
        let fund = Fund {
            id: id.parse().unwrap(),
            name: text(id),
            currency: "CNY".into(),
            contributions: vec![Contribution { city, amount, spent: None }],
        };
        entities.settle(Arc::new(Entity::Fund(fund))).unwrap();
    }
    entities
}
