//! An enum for each list of choices.

use concord_contract::manifest::Manifest;
use proc_macro2::TokenStream;
use quote::quote;

use crate::names;

pub fn expand(manifest: &Manifest) -> TokenStream {
    let enums = manifest.choices.iter().enumerate().map(|(position, (name, choices))| {
        let ident = names::pascal(name);
        let variants = names::variants(choices);
        let (last, before) = variants.split_last().map_or((None, &[][..]), |(l, b)| (Some(l), b));
        let indices = (0..before.len()).map(names::index);
        let last_index = names::index(before.len());
        let same = match choices.open {
            true => quote! {
                if matches!((self, other), (Self::Other, Self::Other)) {
                    return ::concord_policy::Truth::Undetermined;
                }
            },
            false => quote! {},
        };
        let payer = (manifest.registry.payers == Some(position))
            .then(|| quote! { impl ::concord_policy::registry::Payer for #ident {} });
        quote! {
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            #[allow(dead_code, reason = "a policy need not name every option")]
            enum #ident { #(#variants),* }

            impl ::concord_policy::maybe::Same for #ident {
                fn same(&self, other: &Self) -> ::concord_policy::Truth {
                    #same
                    ::concord_policy::Truth::from(self == other)
                }
            }

            impl ::concord_policy::fact::Choice for #ident {
                fn from_index(index: u32) -> Self {
                    match index {
                        #(#indices => #ident::#before,)*
                        #last_index => #ident::#last,
                        _ => ::concord_policy::fact::no_such_option(index),
                    }
                }
                fn index(&self) -> u32 {
                    *self as u32
                }
            }
            #payer
        }
    });
    quote! { #(#enums)* }
}
