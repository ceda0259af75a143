//! Components that are refused when they are loaded, each with the sentence that says why.

mod bytes;
mod decide;
mod grants;
mod imports;
mod sections;

use concord::engine::{Engine, Limits};
use concord_contract::{CONTRACT_SECTION, MANIFEST_SECTION};

use crate::support::component::Recipe;
use crate::support::guests;

/// The sentence that a component is refused with.
fn refusal(bytes: &[u8]) -> String {
    let engine = Engine::new(Limits { concurrent: 1, ..Limits::default() }, None).unwrap();
    engine.load(bytes).unwrap_err().to_string()
}

fn obedient() -> Recipe {
    guests::OBEDIENT.recipe()
}

/// A module in text, with the sections that a funding policy has.
fn policy(text: &str) -> Recipe {
    let recipe = Recipe::of_module(text).section(CONTRACT_SECTION, "0.1.0");
    recipe.section(MANIFEST_SECTION, &guests::OBEDIENT.manifest())
}
