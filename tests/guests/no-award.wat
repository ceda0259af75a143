;; Has every clause met and grants nothing.
(module
  (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
  (func (export "decide")
    (call $clause (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)) ;; asked: met
    (call $clause (i32.const 1) (i32.const 1) (i32.const 0) (i32.const 0)))) ;; of-each, party 0: met
