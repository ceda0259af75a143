//! From a core module to a component.

use wit_component::ComponentEncoder;

/// Makes a component of a core module that carries its own description of the contract, as the SDK's do.
///
/// Imports that the module does not use are left out of the component.
pub fn componentize(module: &[u8]) -> Result<Vec<u8>, String> {
    ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|mut encoder| encoder.encode())
        .map_err(|error| format!("{error:#}"))
}
