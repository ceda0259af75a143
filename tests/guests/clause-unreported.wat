;; Awards, and is silent about the clause that might forbid it.
(module
  (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
  (import "concord:policy/funding@0.1.0" "award" (func $award (param i32 i64 i32)))
  (func (export "decide")
    (call $clause (i32.const 1) (i32.const 1) (i32.const 0) (i32.const 0)) ;; of-each, party 0: met
    (call $award (i32.const 1) (i64.const 100) (i32.const 156)))) ;; CNY 1.00
