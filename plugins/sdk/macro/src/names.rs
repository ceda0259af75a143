//! From names in `policy.toml` to names in Rust.

use concord_contract::Subject;
use concord_contract::manifest::{Choices, Manifest};
use concord_contract::value::{Column, Type};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};

/// A method or field: `min_trl`, with `r#` where Rust has the word for itself.
pub fn snake(name: &str) -> Ident {
    let name = name.replace('-', "_");
    syn::parse_str(&name).unwrap_or_else(|_| Ident::new_raw(&name, Span::call_site()))
}

/// A type, variant or constant: `RdIntensity`. A name that would start with a digit gets a `N` before it.
pub fn pascal(name: &str) -> Ident {
    let mut pascal = String::new();
    for word in name.split(['-', '_']) {
        let mut letters = word.chars();
        pascal.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        pascal.push_str(letters.as_str());
    }
    if pascal.starts_with(|first: char| first.is_ascii_digit()) {
        pascal.insert(0, 'N');
    }
    syn::parse_str(&pascal).unwrap_or_else(|_| format_ident!("{pascal}_"))
}

/// The type that one item of a subject has.
pub fn item_type(subject: Subject) -> Ident {
    match subject {
        Subject::Parties => format_ident!("Party"),
        other => pascal(other.as_str()),
    }
}

/// The subject as the SDK's constant.
pub fn subject(subject: Subject) -> TokenStream {
    let variant = pascal(subject.as_str());
    quote! { ::concord_policy::Subject::#variant }
}

/// The Rust type of a value.
pub fn value_type(manifest: &Manifest, column: &Column) -> TokenStream {
    match column.ty {
        Type::Flag => quote! { bool },
        Type::Integer => quote! { i64 },
        Type::Decimal => quote! { ::concord_policy::Decimal },
        Type::Text => quote! { ::std::string::String },
        Type::Date => quote! { ::concord_policy::Date },
        Type::Amount => quote! { ::concord_policy::Money },
        Type::Choice => {
            let name = column.choices.and_then(|at| manifest.choices.get_index(at));
            let name = name.map_or_else(|| format_ident!("Choice"), |(name, _)| pascal(name));
            quote! { #name }
        }
    }
}

/// The variants of a list of options, with "other" last where it is open.
pub fn variants(choices: &Choices) -> Vec<Ident> {
    let other = choices.open.then(|| format_ident!("Other"));
    choices.options.keys().map(|option| pascal(option)).chain(other).collect()
}

/// A position as the contract counts it.
pub fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}
