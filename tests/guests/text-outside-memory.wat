;; Has the host write a text beyond its memory: its allocator lies.
(module
  (import "concord:policy/dossier@0.1.0" "text" (func $text (param i32 i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const -16))
  (func (export "decide")
    (call $text (i32.const 0) (i32.const 0) (i32.const 2) (i32.const 0) (i32.const 16))))
