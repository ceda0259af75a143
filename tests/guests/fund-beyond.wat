;; Asks for the balance of a fund that is not declared.
(module
  (import "concord:policy/registry@0.1.0" "available" (func $available (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "decide")
    (call $available (i32.const 1) (i32.const 16))))
