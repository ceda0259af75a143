;; Reads the fact with the highest index that there can be.
(module
  (import "concord:policy/dossier@0.1.0" "integer" (func $integer (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "decide")
    (call $integer (i32.const 0) (i32.const 0) (i32.const -1) (i32.const 0) (i32.const 16))))
