;; Fills all the memory that it can get with ones, and its global and table too, and gives up.
(module
  (memory (export "memory") 4)
  (table $table 64 64 funcref)
  (global $count (mut i64) (i64.const 0))
  (elem declare func $litter)
  (func $litter
    (table.fill $table (i32.const 0) (ref.func $litter) (i32.const 64))
    (global.set $count (i64.const -1)))
  (func (export "decide")
    (drop (memory.grow (i32.const 60)))
    (memory.fill (i32.const 0) (i32.const 255) (i32.shl (memory.size) (i32.const 16)))
    (call $litter)
    unreachable))
