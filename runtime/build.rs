//! Builds the Wasm blob.

#[cfg(feature = "std")]
fn main() {
    // The builder hands every feature of this crate on to the blob. `try-runtime` is for native tests: the blob that a test
    // node runs is the blob that a real node runs.
    std::env::remove_var("CARGO_FEATURE_TRY_RUNTIME");
    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("FLX", 12);
    builder.build();
}

#[cfg(not(feature = "std"))]
fn main() {}
