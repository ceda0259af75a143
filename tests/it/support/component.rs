//! From WebAssembly text to components, right ones and wrong ones.

use std::path::Path;

use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::{Resolve, WorldId};

/// How a component is made.
#[derive(Clone)]
pub struct Recipe {
    module: String,
    /// A world of the contract, or a package of its own with one.
    world: World,
    sections: Vec<(String, String)>,
}

#[derive(Clone)]
enum World {
    OfContract(&'static str),
    Own(&'static str),
}

impl Recipe {
    /// A funding policy without sections.
    pub fn of_module(text: &str) -> Recipe {
        let world = World::OfContract("funding-policy");
        Recipe { module: text.to_owned(), world, sections: Vec::new() }
    }

    /// Adds a custom section.
    pub fn section(mut self, name: &str, data: &str) -> Recipe {
        self.sections.push((name.to_owned(), data.to_owned()));
        self
    }

    /// Takes all sections of a name away.
    pub fn without(mut self, name: &str) -> Recipe {
        self.sections.retain(|(known, _)| known != name);
        self
    }

    /// Another world of the contract.
    pub fn world(mut self, world: &'static str) -> Recipe {
        self.world = World::OfContract(world);
        self
    }

    /// A world that is not the contract's: a package in WIT that may use the contract.
    pub fn own_world(mut self, package: &'static str) -> Recipe {
        self.world = World::Own(package);
        self
    }

    /// Replaces a piece of the module's text.
    pub fn edit(mut self, from: &str, to: &str) -> Recipe {
        assert!(self.module.contains(from), "{from}");
        self.module = self.module.replace(from, to);
        self
    }

    /// The core module, with its sections.
    pub fn core_module(&self) -> Vec<u8> {
        let mut module = wat::parse_str(&self.module).unwrap();
        for (name, data) in &self.sections {
            append_section(&mut module, name, data.as_bytes());
        }
        module
    }

    /// The component.
    pub fn make(&self) -> Vec<u8> {
        let mut module = self.core_module();
        let (resolve, world) = self.resolve();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).unwrap();
        concord_build::componentize(&module).unwrap()
    }

    fn resolve(&self) -> (Resolve, WorldId) {
        let mut resolve = Resolve::default();
        let wit = Path::new(env!("CARGO_MANIFEST_DIR")).join("../wit");
        let (contract, _) = resolve.push_dir(wit).unwrap();
        let (package, name) = match self.world {
            World::OfContract(name) => (contract, Some(name)),
            World::Own(text) => (resolve.push_str("own.wit", text).unwrap(), None),
        };
        let world = resolve.select_world(&[package], name).unwrap();
        (resolve, world)
    }
}

/// A custom section, as the binary format has it: nought, the length of the rest, the name, the data.
pub fn append_section(binary: &mut Vec<u8>, name: &str, data: &[u8]) {
    let mut rest = leb128(name.len());
    rest.extend(name.as_bytes());
    rest.extend(data);
    binary.push(0);
    binary.extend(leb128(rest.len()));
    binary.extend(rest);
}

/// A number in groups of seven bits, the lowest first.
fn leb128(mut number: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = u8::try_from(number & 0x7f).unwrap();
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
