//! `Ruling`, and a constant for everything that a policy may report. One that is never used is an error.

use concord_contract::manifest::{Manifest, Named, Scope};
use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use crate::names;

/// Lints say nothing of code that a macro made up; `place` is where the author wrote the macro's argument, and
/// a constant that stands there is the author's own.
pub fn expand(manifest: &Manifest, place: Span) -> TokenStream {
    let constants = |list, ty, named| constants(list, ty, named, place);
    let kind = names::pascal(manifest.kind.as_str());
    let clauses = manifest.clauses.iter().enumerate().map(|(position, clause)| {
        let name = names::pascal(&clause.id);
        let index = names::index(position);
        let doc = &clause.title.en;
        match clause.scope {
            Scope::Case => quote_spanned! {place=>
                #[doc = #doc]
                const #name: ::concord_policy::ruling::CaseClause =
                    ::concord_policy::ruling::CaseClause::at(#index);
            },
            Scope::Each(subject) | Scope::Some(subject) => {
                let item = names::item_type(subject);
                quote_spanned! {place=>
                    #[doc = #doc]
                    const #name: ::concord_policy::ruling::ItemClause<#item> =
                        ::concord_policy::ruling::ItemClause::at(#index);
                }
            }
        }
    });
    let named = [
        constants("Fund", quote! { ::concord_policy::registry::Fund }, &manifest.registry.funds),
        constants("Note", quote! { ::concord_policy::ruling::Note }, &manifest.notes),
        constants("Tier", quote! { ::concord_policy::ruling::Tier }, &manifest.tiers),
        constants(
            "Entitlement",
            quote! { ::concord_policy::ruling::Entitlement },
            &manifest.entitlements,
        ),
        constants("Criterion", quote! { ::concord_policy::ruling::Criterion }, &manifest.criteria),
    ];
    quote! {
        type Ruling = ::concord_policy::ruling::Ruling<::concord_policy::ruling::kind::#kind>;

        /// The clauses that `policy.toml` declares.
        struct Clause(());

        // A clause that is declared and never reported would stay undetermined for ever.
        #[deny(dead_code)]
        #[allow(non_upper_case_globals, reason = "they read as the variants of an enum")]
        impl Clause { #(#clauses)* }
        #(#named)*
    }
}

fn constants(list: &str, ty: TokenStream, named: &[Named], place: Span) -> TokenStream {
    if named.is_empty() {
        return quote! {};
    }
    let list = format_ident!("{list}");
    let constants = named.iter().enumerate().map(|(position, named)| {
        let name = names::pascal(&named.name);
        let index = names::index(position);
        let doc = &named.label.en;
        quote_spanned! {place=> #[doc = #doc] const #name: #ty = <#ty>::at(#index); }
    });
    quote! {
        struct #list(());

        #[deny(dead_code)]
        #[allow(non_upper_case_globals, reason = "they read as the variants of an enum")]
        impl #list { #(#constants)* }
    }
}
