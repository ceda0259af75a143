;; Asks for the project's prior awards; it declared the parties'.
(module
  (import "concord:policy/registry@0.1.0" "awards" (func $awards (param i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "decide")
    (call $awards (i32.const 0) (i32.const 0) (i32.const 16))))
