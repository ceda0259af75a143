;; Reads a row that a parameter does not have.
(module
  (import "concord:policy/dossier@0.1.0" "parameter-integer" (func $parameter (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "decide")
    (drop (call $parameter (i32.const 1) (i32.const 2)))))
