;; Reports a truth that the contract does not have.
(module
  (import "concord:policy/ruling@0.1.0" "clause" (func $clause (param i32 i32 i32 i32)))
  (func (export "decide")
    (call $clause (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 3))))
