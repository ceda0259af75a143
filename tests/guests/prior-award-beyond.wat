;; Asks for a prior award that is not on record.
(module
  (import "concord:policy/registry@0.1.0" "award" (func $prior (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "decide")
    (call $prior (i32.const 1) (i32.const 0) (i32.const 9) (i32.const 16))))
