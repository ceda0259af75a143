//! How wasmtime is set up: deterministic, bounded, and quick at making instances.

use wasmtime::{Config, Enabled, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::limits::Limits;

/// Bytes of native stack that a policy may use; fixed, so that recursion ends at the same depth everywhere.
const STACK: usize = 256 << 10;

/// Bytes of each memory and table that are wiped by hand rather than given back to the system: all that a
/// policy has unless it asks for more.
const KEEP_RESIDENT: usize = 64 << 10;

/// Core instances of one component: the policy's module and the shims that the component model adds.
const CORE_INSTANCES: u32 = 8;

/// Entries of a table: the policy's function pointers.
const TABLE_ELEMENTS: usize = 10_000;

pub(super) fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .wasm_component_model(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(STACK)
        // One bit pattern for every NaN, and one result for relaxed SIMD: the same answer on every machine.
        .cranelift_nan_canonicalization(true)
        .relaxed_simd_deterministic(true)
        // A trap is reported by its kind; a backtrace would be made for each and shown to nobody.
        .wasm_backtrace_max_frames(None)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool(limits)));
    config
}

fn pool(limits: &Limits) -> PoolingAllocationConfig {
    let core = limits.concurrent.saturating_mul(CORE_INSTANCES);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.concurrent)
        .total_core_instances(core)
        .total_memories(limits.concurrent)
        .total_tables(core)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(1)
        .max_tables_per_component(CORE_INSTANCES)
        .table_elements(TABLE_ELEMENTS)
        .max_memory_size(limits.memory)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT)
        // Asking the kernel which pages are dirty is no quicker for so little memory, and may miss one that
        // is swapped out: a policy would then see what the one before it left.
        .pagemap_scan(Enabled::No);
    pool
}
