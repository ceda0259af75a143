//! `Case`, with the subjects and facts.

use concord_contract::Subject;
use concord_contract::manifest::{Fact, Manifest, Scope};
use concord_contract::value::Shape;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::names;

pub fn expand(manifest: &Manifest) -> TokenStream {
    let subjects = subjects(manifest);
    let accessors = subjects.iter().map(|subject| accessor(*subject));
    let items = subjects.iter().map(|subject| item(manifest, *subject));
    quote! {
        /// The case to judge.
        struct Case(());

        #[allow(dead_code, reason = "a policy need not ask about everything")]
        impl Case {
            /// The date that the case is judged on.
            fn as_of(&self) -> ::concord_policy::Date {
                ::concord_policy::dossier::as_of()
            }

            /// The same day so many years before the date that the case is judged on.
            fn years_ago(&self, years: i64) -> ::concord_policy::Date {
                ::concord_policy::calendar::years_before(self.as_of(), years)
            }
            #(#accessors)*
        }
        #(#items)*
    }
}

/// The subjects that the policy has to do with: those of its facts, clauses and registry.
pub fn subjects(manifest: &Manifest) -> Vec<Subject> {
    let scopes = manifest.clauses.iter().filter_map(|clause| match clause.scope {
        Scope::Case => None,
        Scope::Each(subject) | Scope::Some(subject) => Some(subject),
    });
    let registry = &manifest.registry;
    let named = [&registry.awards, &registry.listed, &registry.agreed].into_iter().flatten();
    let all: Vec<_> = manifest
        .facts
        .iter()
        .map(|fact| fact.subject)
        .chain(scopes)
        .chain(named.copied())
        .collect();
    Subject::ALL.into_iter().filter(|subject| all.contains(subject)).collect()
}

/// The facts of a subject, each with the contract's index of its first column.
pub fn facts_of(manifest: &Manifest, subject: Subject) -> Vec<(u32, &Fact)> {
    let mut index = 0;
    let mut facts = Vec::new();
    for fact in &manifest.facts {
        if fact.subject == subject {
            facts.push((names::index(index), fact));
        }
        index += fact.shape.columns().len();
    }
    facts
}

/// The type of one row of a table of facts.
pub fn row_type(subject: Subject, fact: &Fact) -> Ident {
    format_ident!("{}{}Row", names::item_type(subject), names::pascal(&fact.name))
}

fn accessor(subject: Subject) -> TokenStream {
    let item = names::item_type(subject);
    let constant = names::subject(subject);
    if !subject.is_many() {
        let name = names::snake(subject.as_str());
        return quote! {
            fn #name(&self) -> #item {
                #item { item: 0 }
            }
        };
    }
    let plural = names::snake(subject.as_str());
    let singular = names::snake(&item.to_string().to_lowercase());
    let (any, one, every, count) = (
        format_ident!("any_{singular}"),
        format_ident!("one_{singular}"),
        format_ident!("every_{singular}"),
        format_ident!("count_{plural}"),
    );
    quote! {
        /// Each of them; none where the case does not mention them.
        fn #plural(&self) -> impl Iterator<Item = #item> + use<> {
            (0..::concord_policy::dossier::count(#constant).unwrap_or(0)).map(|item| #item { item })
        }

        /// How many there are.
        fn #count(&self) -> ::concord_policy::Maybe<i64> {
            ::concord_policy::Maybe(::concord_policy::dossier::count(#constant).map(i64::from))
        }

        /// Whether one of them meets it; undetermined where the case does not mention them.
        fn #any(&self, meets: impl Fn(#item) -> ::concord_policy::Truth) -> ::concord_policy::Truth {
            match ::concord_policy::dossier::count(#constant) {
                None => ::concord_policy::Truth::Undetermined,
                Some(count) => {
                    ::concord_policy::Truth::some((0..count).map(|item| meets(#item { item })))
                }
            }
        }

        /// Whether exactly one of them meets it; undetermined where the case does not mention them.
        fn #one(&self, meets: impl Fn(#item) -> ::concord_policy::Truth) -> ::concord_policy::Truth {
            match ::concord_policy::dossier::count(#constant) {
                None => ::concord_policy::Truth::Undetermined,
                Some(count) => {
                    ::concord_policy::Truth::one((0..count).map(|item| meets(#item { item })))
                }
            }
        }

        /// Whether every one of them meets it; undetermined where the case does not mention them.
        fn #every(&self, meets: impl Fn(#item) -> ::concord_policy::Truth) -> ::concord_policy::Truth {
            match ::concord_policy::dossier::count(#constant) {
                None => ::concord_policy::Truth::Undetermined,
                Some(count) => {
                    ::concord_policy::Truth::every((0..count).map(|item| meets(#item { item })))
                }
            }
        }
    }
}

fn item(manifest: &Manifest, subject: Subject) -> TokenStream {
    let item = names::item_type(subject);
    let constant = names::subject(subject);
    let facts = facts_of(manifest, subject);
    let accessors =
        facts.iter().map(|(index, fact)| fact_accessor(manifest, subject, *index, fact));
    let rows = facts.iter().map(|(_, fact)| row(manifest, subject, fact));
    let registry = &manifest.registry;
    let grants = [
        (&registry.awards, format_ident!("Awarded")),
        (&registry.listed, format_ident!("Listed")),
        (&registry.agreed, format_ident!("Agreed")),
    ];
    let grants = grants.into_iter().filter(|(subjects, _)| subjects.contains(&subject));
    let grants =
        grants.map(|(_, grant)| quote! { impl ::concord_policy::registry::#grant for #item {} });
    quote! {
        #[derive(Clone, Copy)]
        struct #item { item: u32 }

        impl ::concord_policy::registry::Item for #item {
            fn subject(&self) -> ::concord_policy::Subject { #constant }
            fn item(&self) -> u32 { self.item }
        }
        #(#grants)*

        impl #item { #(#accessors)* }
        #(#rows)*
    }
}

fn fact_accessor(manifest: &Manifest, subject: Subject, index: u32, fact: &Fact) -> TokenStream {
    let name = names::snake(&fact.name);
    let constant = names::subject(subject);
    let place = quote! {
        ::concord_policy::fact::Place { subject: #constant, item: self.item, fact: #index, row: 0 }
    };
    let doc = &fact.label.en;
    match &fact.shape {
        Shape::One(column) => {
            let ty = names::value_type(manifest, column);
            quote! {
                #[doc = #doc]
                fn #name(&self) -> ::concord_policy::Fact<#ty> { ::concord_policy::Fact::at(#place) }
            }
        }
        Shape::List(column) => {
            let ty = names::value_type(manifest, column);
            quote! {
                #[doc = #doc]
                fn #name(&self) -> ::concord_policy::rows::Rows<::concord_policy::Fact<#ty>> {
                    ::concord_policy::rows::Rows::at(#place)
                }
            }
        }
        Shape::Table(_) => {
            let row = row_type(subject, fact);
            quote! {
                #[doc = #doc]
                fn #name(&self) -> ::concord_policy::rows::Rows<#row> {
                    ::concord_policy::rows::Rows::at(#place)
                }
            }
        }
    }
}

fn row(manifest: &Manifest, subject: Subject, fact: &Fact) -> TokenStream {
    let Shape::Table(columns) = &fact.shape else { return quote! {} };
    let ident = row_type(subject, fact);
    let accessors = columns.iter().enumerate().map(|(position, (name, column))| {
        let name = names::snake(name);
        let ty = names::value_type(manifest, column);
        let position = names::index(position);
        quote! {
            fn #name(&self) -> ::concord_policy::Fact<#ty> {
                let fact = self.at.fact + #position;
                ::concord_policy::Fact::at(::concord_policy::fact::Place { fact, ..self.at })
            }
        }
    });
    quote! {
        #[derive(Clone, Copy)]
        struct #ident { at: ::concord_policy::fact::Place }

        impl ::concord_policy::rows::Row for #ident {
            fn at(at: ::concord_policy::fact::Place) -> Self { #ident { at } }
        }

        impl #ident { #(#accessors)* }
    }
}
