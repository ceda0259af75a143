//! What a component is made of: the export, and the sections that the host reads without running anything.

use proc_macro2::TokenStream;
use quote::quote;

pub fn expand(file: &str) -> TokenStream {
    let path = quote! { concat!(env!("CARGO_MANIFEST_DIR"), "/", #file) };
    quote! {
        // Has the crate built anew when the file changes.
        const _: &[u8] = include_bytes!(#path);

        #[cfg(not(target_arch = "wasm32"))]
        const _: fn(&Case, &Params, &mut Ruling) = decide;

        #[cfg(target_arch = "wasm32")]
        #[allow(unsafe_code, reason = "sections and exports of the component")]
        const _: () = {
            const MANIFEST: &[u8] = include_bytes!(#path);

            // Without `#[used]`: a section of its own is kept, and a copy in memory is not.
            #[unsafe(link_section = "concord:policy-toml")]
            pub static MANIFEST_SECTION: [u8; MANIFEST.len()] = *include_bytes!(#path);

            const CONTRACT: &[u8] = ::concord_policy::CONTRACT.as_bytes();

            #[unsafe(link_section = "concord:contract")]
            pub static CONTRACT_SECTION: [u8; CONTRACT.len()] = {
                let mut bytes = [0; CONTRACT.len()];
                bytes.copy_from_slice(CONTRACT);
                bytes
            };

            struct Export;

            impl ::concord_policy::guest::bindings::Guest for Export {
                fn decide() {
                    decide(&Case(()), &Params(()), &mut Ruling::new());
                }
            }

            ::concord_policy::guest::bindings::export_policy!(
                Export with_types_in ::concord_policy::guest::bindings
            );
        };
    }
}
