;; Asks about a subject that the contract does not have.
(module
  (import "concord:policy/dossier@0.1.0" "count" (func $count (param i32 i32)))
  (memory (export "memory") 1)
  (func (export "decide")
    (call $count (i32.const 99) (i32.const 16))))
