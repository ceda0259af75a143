//! `Params`, with the parameters.

use concord_contract::manifest::{Manifest, Parameter};
use concord_contract::value::Shape;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::names;

pub fn expand(manifest: &Manifest) -> TokenStream {
    let accessors = parameters(manifest).into_iter().map(|(index, parameter)| {
        let name = names::snake(&parameter.name);
        let doc = &parameter.label.en;
        let body = match &parameter.shape {
            Shape::One(column) => {
                let ty = names::value_type(manifest, column);
                quote! {
                    fn #name(&self) -> #ty {
                        <#ty as ::concord_policy::fact::Pull>::parameter(#index, 0)
                    }
                }
            }
            Shape::List(column) => {
                let ty = names::value_type(manifest, column);
                quote! {
                    fn #name(&self) -> impl Iterator<Item = #ty> + use<> {
                        ::concord_policy::rows::parameter_rows::<#ty>(#index)
                    }
                }
            }
            Shape::Table(_) => {
                let row = row_type(parameter);
                quote! {
                    fn #name(&self) -> impl Iterator<Item = #row> + use<> {
                        ::concord_policy::rows::parameter_rows::<#row>(#index)
                    }
                }
            }
        };
        quote! { #[doc = #doc] #body }
    });
    let rows = manifest.parameters.iter().map(|parameter| row(manifest, parameter));
    quote! {
        /// The parameters, as the binding in force sets them.
        struct Params(());
        impl Params { #(#accessors)* }
        #(#rows)*
    }
}

/// The parameters, each with the contract's index of its first column.
pub fn parameters(manifest: &Manifest) -> Vec<(u32, &Parameter)> {
    let mut index = 0;
    let mut parameters = Vec::new();
    for parameter in &manifest.parameters {
        parameters.push((names::index(index), parameter));
        index += parameter.shape.columns().len();
    }
    parameters
}

fn row_type(parameter: &Parameter) -> Ident {
    format_ident!("Params{}Row", names::pascal(&parameter.name))
}

fn row(manifest: &Manifest, parameter: &Parameter) -> TokenStream {
    let Shape::Table(columns) = &parameter.shape else { return quote! {} };
    let ident = row_type(parameter);
    let accessors = columns.iter().enumerate().map(|(position, (name, column))| {
        let name = names::snake(name);
        let ty = names::value_type(manifest, column);
        let position = names::index(position);
        quote! {
            fn #name(&self) -> #ty {
                let parameter = self.parameter + #position;
                <#ty as ::concord_policy::fact::Pull>::parameter(parameter, self.row)
            }
        }
    });
    quote! {
        #[derive(Clone, Copy)]
        struct #ident { parameter: u32, row: u32 }

        impl ::concord_policy::rows::ParameterRow for #ident {
            fn at(parameter: u32, row: u32) -> Self { #ident { parameter, row } }
        }

        impl #ident { #(#accessors)* }
    }
}
