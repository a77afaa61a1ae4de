//! Builds the Wasm blob.

#[cfg(feature = "std")]
fn main() {
    // The builder hands every feature of this crate on to the blob. `try-runtime` is for native tests: the blob that a test
    // node runs is the blob that a real node runs.
    std::env::remove_var("CARGO_FEATURE_TRY_RUNTIME");
    // The node's `benchmark` command asks the blob alone, so nothing native has to be built with the benchmarks in it.
    if std::env::var_os("CARGO_FEATURE_BENCHMARK_BLOB").is_some() {
        std::env::remove_var("CARGO_FEATURE_BENCHMARK_BLOB");
        std::env::set_var("CARGO_FEATURE_RUNTIME_BENCHMARKS", "1");
    }
    let builder = substrate_wasm_builder::WasmBuilder::init_with_defaults();
    #[cfg(feature = "metadata-hash")]
    let builder = builder.enable_metadata_hash("FLX", 12);
    builder.build();
}

#[cfg(not(feature = "std"))]
fn main() {}
