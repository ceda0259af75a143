//! The builder that unit tests make cases with.

use concord_contract::Subject;
use concord_contract::manifest::{Fact, Manifest, Parameter};
use concord_contract::value::{Column, Shape, Value};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::{case, names, params};

pub fn expand(manifest: &Manifest) -> TokenStream {
    let subjects = case::subjects(manifest);
    let setters = subjects.iter().map(|subject| subject_setter(*subject));
    let builders = subjects.iter().map(|subject| item_builder(manifest, *subject));
    let parameters = params::parameters(manifest);
    let defaults = parameters.iter().map(|(index, parameter)| default(manifest, *index, parameter));
    let overrides = parameters.iter().filter_map(|(index, parameter)| {
        let Shape::One(column) = &parameter.shape else { return None };
        let name = names::snake(&parameter.name);
        let ty = names::value_type(manifest, column);
        let value = native_value(column, quote! { value.into() }, &ty);
        Some(quote! {
            fn #name(self, value: impl Into<#ty>) -> Self {
                self.run.parameters.insert((#index, 0), #value);
                self
            }
        })
    });
    quote! {
        #[cfg(test)]
        #[allow(dead_code, reason = "a test need not set everything")]
        mod case_builder {
            use super::*;
            use ::concord_policy::native::{Run, Value};

            impl Case {
                /// A case on this date, with nothing known.
                pub(super) fn on(year: i16, month: i8, day: i8) -> CaseBuilder {
                    let mut run = Run::default();
                    run.as_of = Some(::concord_policy::testing::date(year, month, day));
                    #(#defaults)*
                    CaseBuilder { run }
                }
            }

            /// Makes a case, fact by fact. What is not set is not known.
            pub(super) struct CaseBuilder { run: Run }

            impl CaseBuilder {
                #(#setters)*

                /// Sets parameters to other than their defaults.
                pub(super) fn with(
                    mut self,
                    set: impl FnOnce(ParamsBuilder<'_>) -> ParamsBuilder<'_>,
                ) -> Self {
                    set(ParamsBuilder { run: &mut self.run });
                    self
                }

                /// Sets what a fund still has to give.
                pub(super) fn fund(
                    mut self,
                    fund: ::concord_policy::registry::Fund,
                    available: ::concord_policy::Money,
                ) -> Self {
                    self.run.funds.insert(fund.index(), available);
                    self
                }

                /// Runs the policy.
                pub(super) fn decide(self) -> ::concord_policy::testing::Reported {
                    ::concord_policy::testing::Reported(::concord_policy::native::run(self.run, || {
                        super::decide(&Case(()), &Params(()), &mut Ruling::new());
                    }))
                }
            }

            pub(super) struct ParamsBuilder<'a> { run: &'a mut Run }

            impl ParamsBuilder<'_> { #(pub(super) #overrides)* }
            #(#builders)*
        }
    }
}

fn subject_setter(subject: Subject) -> TokenStream {
    let item = names::item_type(subject);
    let builder = format_ident!("{item}Builder");
    let name = names::snake(&item.to_string().to_lowercase());
    let constant = names::subject(subject);
    let none = subject.is_many().then(|| {
        let name = format_ident!("no_{}", subject.as_str());
        quote! {
            /// Says that there are none, which is more than saying nothing.
            pub(super) fn #name(mut self) -> Self {
                self.run.counts.entry(#constant).or_insert(0);
                self
            }
        }
    });
    let item = if subject.is_many() {
        quote! {
            let count = self.run.counts.entry(#constant).or_insert(0);
            let item = *count;
            *count += 1;
        }
    } else {
        quote! {
            let item = 0;
            self.run.counts.insert(#constant, 1);
        }
    };
    quote! {
        pub(super) fn #name(mut self, set: impl FnOnce(#builder<'_>) -> #builder<'_>) -> Self {
            #item
            set(#builder { run: &mut self.run, item });
            self
        }
        #none
    }
}

fn item_builder(manifest: &Manifest, subject: Subject) -> TokenStream {
    let item = names::item_type(subject);
    let builder = format_ident!("{item}Builder");
    let constant = names::subject(subject);
    let facts = case::facts_of(manifest, subject);
    let setters = facts.iter().map(|(index, fact)| fact_setter(manifest, subject, *index, fact));
    quote! {
        pub(super) struct #builder<'a> { run: &'a mut Run, item: u32 }

        impl #builder<'_> {
            #(#setters)*

            /// Sets the awards on record.
            pub(super) fn awarded(self, awards: Vec<::concord_policy::registry::Award>) -> Self {
                self.run.awards.insert((#constant, self.item), awards);
                self
            }

            /// Sets whether it stands on a shared list.
            pub(super) fn on_list(self, listed: bool) -> Self {
                self.run.listed.insert((#constant, self.item), listed);
                self
            }

            /// Sets whether it has signed an agreement.
            pub(super) fn has_agreed(self, agreed: bool) -> Self {
                self.run.agreed.insert((#constant, self.item), agreed);
                self
            }
        }
    }
}

fn fact_setter(manifest: &Manifest, subject: Subject, index: u32, fact: &Fact) -> TokenStream {
    let name = names::snake(&fact.name);
    let constant = names::subject(subject);
    let insert = |column: u32, value: TokenStream| {
        quote! { self.run.facts.insert((#constant, self.item, #index + #column, row), #value); }
    };
    let (argument, body) = match &fact.shape {
        Shape::One(column) => {
            let ty = names::value_type(manifest, column);
            let insert = insert(0, native_value(column, quote! { value.into() }, &ty));
            (quote! { value: impl Into<#ty> }, quote! { let row = 0; #insert })
        }
        Shape::List(column) => {
            let ty = names::value_type(manifest, column);
            let insert = insert(0, native_value(column, quote! { value }, &ty));
            (quote! { rows: Vec<#ty> }, rows(&constant, index, quote! { value }, insert))
        }
        Shape::Table(columns) => {
            let types = columns.iter().map(|(_, column)| names::value_type(manifest, column));
            let fields: Vec<_> = columns.iter().map(|(name, _)| names::snake(name)).collect();
            let inserts = columns.iter().enumerate().map(|(position, (name, column))| {
                let ty = names::value_type(manifest, column);
                let field = names::snake(name);
                insert(names::index(position), native_value(column, quote! { #field }, &ty))
            });
            let inserts = quote! { #(#inserts)* };
            let body = rows(&constant, index, quote! { (#(#fields,)*) }, inserts);
            (quote! { rows: Vec<(#(#types,)*)> }, body)
        }
    };
    quote! {
        pub(super) fn #name(self, #argument) -> Self { #body self }
    }
}

fn rows(constant: &TokenStream, index: u32, row: TokenStream, insert: TokenStream) -> TokenStream {
    quote! {
        self.run.rows.insert((#constant, self.item, #index), rows.len() as u32);
        for (row, #row) in (0..).zip(rows) { #insert }
    }
}

/// The native value of an expression that is of, or converts into, the Rust type of the column.
fn native_value(column: &Column, value: TokenStream, ty: &TokenStream) -> TokenStream {
    use concord_contract::value::Type;
    let variant = names::pascal(match column.ty {
        Type::Flag => "flag",
        Type::Integer => "integer",
        Type::Decimal => "decimal",
        Type::Text => "text",
        Type::Date => "date",
        Type::Amount => "amount",
        Type::Choice => {
            return quote! { { let value: #ty = #value; Value::Choice(value as u32) } };
        }
    });
    quote! { Value::#variant(#value) }
}

fn default(manifest: &Manifest, index: u32, parameter: &Parameter) -> TokenStream {
    let cell = &parameter.default;
    let mut inserts = Vec::new();
    if !matches!(parameter.shape, Shape::One(_)) {
        let count = names::index(cell.rows());
        inserts.push(quote! { run.parameter_rows.insert(#index, #count); });
    }
    for row in 0..cell.rows() {
        for (position, column) in parameter.shape.columns().into_iter().enumerate() {
            let Some(value) = cell.get(row, position) else { continue };
            let value = literal(manifest, column, value);
            let (parameter, row) = (index + names::index(position), names::index(row));
            inserts.push(quote! { run.parameters.insert((#parameter, #row), #value); });
        }
    }
    quote! { #(#inserts)* }
}

fn literal(manifest: &Manifest, column: &Column, value: &Value) -> TokenStream {
    match value {
        Value::Flag(flag) => quote! { Value::Flag(#flag) },
        Value::Integer(number) => quote! { Value::Integer(#number) },
        Value::Decimal(number) => {
            let text = number.to_string();
            quote! { Value::Decimal(::concord_policy::testing::decimal(#text)) }
        }
        Value::Text(text) => quote! { Value::Text(#text.to_owned()) },
        Value::Choice(option) => {
            let choices = manifest.options(column);
            let position = choices.and_then(|choices| choices.options.get_index_of(option));
            let position = names::index(position.unwrap_or_default());
            quote! { Value::Choice(#position) }
        }
        Value::Date(date) => {
            let (year, month, day) = (date.year(), date.month(), date.day());
            quote! { Value::Date(::concord_policy::testing::date(#year, #month, #day)) }
        }
        Value::Amount(money) => {
            let (amount, code) = (money.to_string(), money.currency.code());
            quote! { Value::Amount(::concord_policy::testing::money(#amount, #code)) }
        }
    }
}
