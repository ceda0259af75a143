;; Reads a parameter that is not declared.
(module
  (import "concord:policy/dossier@0.1.0" "parameter-integer" (func $parameter (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (func (export "decide")
    (drop (call $parameter (i32.const 2) (i32.const 0)))))
