;; Asks the host for ever, so that its own work is small beside the host's.
(module
  (import "concord:policy/dossier@0.1.0" "integer" (func $integer (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "decide")
    (loop $again
      (call $integer (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 16))
      (br $again))))
