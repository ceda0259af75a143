//! The `policy!` macro of `concord-policy`: from `policy.toml` to typed Rust.
//!
//! One file for each part of what it makes; `policy!` in the SDK's documentation says what that is.

mod case;
mod choices;
mod export;
mod names;
mod params;
mod reports;
mod testing;

use std::path::PathBuf;

use concord_contract::manifest::Manifest;
use proc_macro::TokenStream;
use quote::quote;
use syn::LitStr;

/// Reads a policy's `policy.toml`, whose path is given from the folder of its `Cargo.toml`.
///
/// What is wrong in it is a compile error that names the line and key.
#[proc_macro]
pub fn policy(input: TokenStream) -> TokenStream {
    let literal = syn::parse_macro_input!(input as LitStr);
    expand(&literal)
        .unwrap_or_else(|errors| {
            let errors = errors.iter().map(|error| {
                let error = syn::Error::new(literal.span(), error);
                error.into_compile_error()
            });
            quote! { #(#errors)* }
        })
        .into()
}

fn expand(literal: &LitStr) -> Result<proc_macro2::TokenStream, Vec<String>> {
    let file = literal.value();
    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let path = PathBuf::from(folder).join(&file);
    let text = std::fs::read_to_string(&path)
        .map_err(|error| vec![format!("cannot read {}: {error}", path.display())])?;
    let manifest = Manifest::parse(&text).map_err(|mistakes| {
        mistakes.iter().map(|mistake| format!("{file}, {mistake}")).collect::<Vec<_>>()
    })?;

    let choices = choices::expand(&manifest);
    let case = case::expand(&manifest);
    let params = params::expand(&manifest);
    let reports = reports::expand(&manifest, literal.span());
    let export = export::expand(&file);
    let testing = testing::expand(&manifest);
    Ok(quote! {
        #[allow(unused_imports, reason = "a policy need not use all of it")]
        use ::concord_policy::prelude::*;
        #choices
        #case
        #params
        #reports
        #export
        #testing
    })
}
