;; Awards what it finds left over: a count in a global, and every byte of half a megabyte that is not nought.
;; Then it leaves something behind in each place.
(module
  (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
  (import "concord:policy/funding@0.1.0" "award" (func $award (param i32 i64 i32)))
  (memory (export "memory") 4)
  (global $count (mut i64) (i64.const 0))
  (func $sum (result i64)
    (local $at i32) (local $sum i64)
    (loop $next
      (local.set $sum (i64.or (local.get $sum) (i64.load (local.get $at))))
      (local.set $at (i32.add (local.get $at) (i32.const 8)))
      (br_if $next (i32.lt_u (local.get $at) (i32.const 524288))))
    (i64.shr_u (local.get $sum) (i64.const 1)))
  (func (export "decide")
    (drop (memory.grow (i32.const 4)))
    (call $clause (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
    (call $clause (i32.const 1) (i32.const 1) (i32.const 0) (i32.const 0))
    (call $award (i32.const 1) (i64.add (global.get $count) (call $sum)) (i32.const 156))
    (global.set $count (i64.add (global.get $count) (i64.const 1)))
    (i64.store (i32.const 8) (global.get $count))
    (i64.store (i32.const 524280) (i64.const 2))))
